import { auditRoutes } from './audit.js';
import { compatibilityRoutes } from './compatibility.js';
import { consumerRoutes } from './consumers.js';
import { deadLetterRoutes } from './dead-letters.js';
import { definitionRoutes } from './definitions.js';
import { environmentRoutes } from './environments.js';
import { hostRoutes } from './host.js';
import { keyRoutes } from './keys.js';
import { migrationRoutes } from './migrations.js';
import { schemaRoutes } from './schemas.js';

/** Every route of the product by its id: what the hosts serve, the proxy forwards and the SDK calls. */
export const routes = {
  ...hostRoutes,
  ...schemaRoutes,
  ...definitionRoutes,
  ...consumerRoutes,
  ...compatibilityRoutes,
  ...migrationRoutes,
  ...environmentRoutes,
  ...auditRoutes,
  ...deadLetterRoutes,
  ...keyRoutes,
} as const;
export type Routes = typeof routes;
export type RouteId = keyof Routes;
