export * from './dialects.js';
export { checkLimits } from './limits.js';
export * from './read-state.js';
