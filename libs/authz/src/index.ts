export * from './policy.js';
export * from './principal.js';
