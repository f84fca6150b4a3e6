export { openRegistry, RegistryModule } from './registry.module.js';
