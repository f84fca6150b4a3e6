export * from './contract.js';
export { parkingContract } from './testing/parking-contract.js';
