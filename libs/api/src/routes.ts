import { hostRoutes } from './host.js';
import { keyRoutes } from './keys.js';

/** Every route of the product by its id: what the hosts serve, the proxy forwards and the SDK calls. */
export const routes = { ...hostRoutes, ...keyRoutes } as const;
export type Routes = typeof routes;
export type RouteId = keyof Routes;
