export * from './model.js';
export * from './change.js';
export * from './finding.js';
export * from './errors.js';
export * from './shapes.js';
