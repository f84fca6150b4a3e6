export { openGateway, type RunningGateway } from './gateway.module.js';
export { proxyRoutes, type ProxyOptions } from './proxy.js';
