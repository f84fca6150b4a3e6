import { ApiProblem } from '@dsem/api';
import type { FastifyInstance } from 'fastify';
import findMyWay, { type HTTPMethod } from 'find-my-way';

/** The longest parameter in a path that the router takes, in characters. */
export const maxParamLength = 500;

/**
 * Answers 405 with `Allow` where the address is known and its method is not, instead of 404. A router beside the
 * server's own is asked, so that both read an address alike. Call before any route is registered.
 */
export const refuseMethods = (server: FastifyInstance): void => {
  const known = findMyWay({ maxParamLength });
  const methods = new Set<HTTPMethod>();
  server.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat() as HTTPMethod[]) {
      methods.add(each);
      known.on(each, url, () => undefined);
    }
  });
  server.addHook('onRequest', (request, response, done) => {
    const allowed = request.is404 ? [...methods].filter((each) => known.find(each, request.url) !== null).sort() : [];
    if (allowed.length === 0) return done();
    const list = allowed.join(', ');
    void response.header('allow', list);
    const [path = ''] = request.url.split('?', 1);
    done(new ApiProblem('DSEM-1016', `${path} takes ${list}, not ${request.method}`));
  });
};
