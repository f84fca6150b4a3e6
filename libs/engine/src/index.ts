export * from './capabilities.js';
export * from './dialect.js';
export * from './driver.js';
export * from './errors.js';
export * from './statement.js';
export * from './reconcile.js';
