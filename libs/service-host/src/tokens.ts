/** Nest token of the module's own `ServiceContext`; each service module provides its own. */
export const SERVICE_CONTEXT = Symbol('dsem:service-context');
