export * from './dialects.js';
export * from './read-state.js';
