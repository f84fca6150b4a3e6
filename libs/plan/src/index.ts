export { hashOf } from './hash.js';
export * from './plan.js';
export { plan, type PlanInput } from './planner.js';
