export * from './actions.js';
export * from './codes.js';
export * from './define-route.js';
export * from './host.js';
export * from './keys.js';
export * from './paging.js';
export * from './problem.js';
export * from './routes.js';
