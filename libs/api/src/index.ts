export * from './actions.js';
export * from './define-route.js';
export * from './paging.js';
export * from './codes.js';
export * from './problem.js';
