export * from './contract.js';
export * from './spec.js';
