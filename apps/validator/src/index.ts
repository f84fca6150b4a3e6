export { openValidator, ValidatorModule } from './validator.module.js';
