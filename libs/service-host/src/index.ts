export * from './reply.js';
export * from './request-context.js';
export * from './route.decorator.js';
export { routeMetadata } from './route-request.js';
