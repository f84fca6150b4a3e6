export { exitCodes, type Exit } from './exit-codes.js';
export type { Io, Sink } from './io.js';
export { run } from './run.js';
