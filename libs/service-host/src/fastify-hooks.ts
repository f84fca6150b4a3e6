import { problemMediaType, problemOf } from '@dsem/api';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { tracingOf, withTracing } from './request-context.js';
import { admitTo } from './auth.guard.js';
import { detailOf } from './body-limits.js';
import type { Authenticator } from './authenticator.js';
import { stateOf } from './route-request.js';

/** Gives every request its tracing, answers with the correlation id, and lets log lines find it. */
export const traceRequests = (server: FastifyInstance): void => {
  server.addHook('onRequest', (request, response, done) => {
    const tracing = tracingOf(request.headers);
    stateOf(request).tracing = tracing;
    void response.header('x-correlation-id', tracing.correlationId);
    done();
  });
  // After the body was read: its events would lose the storage.
  server.addHook('preValidation', (request, _, done) => {
    const { tracing } = stateOf(request);
    if (tracing === undefined) done();
    else withTracing(tracing, done);
  });
};

/** Refuses before a byte of the body is read; the guard checks again that somebody was let in. */
export const admitEarly = (server: FastifyInstance, authenticator: Authenticator): void => {
  server.addHook('onRequest', async (request) => {
    const { route } = request.routeOptions.config;
    const principal = route === undefined ? undefined : await admitTo(route, request, authenticator);
    if (principal !== undefined) stateOf(request).principal = principal;
  });
};

/** Answers an address that cannot be decoded, which no router ever sees. */
export const answerBadUrl = (error: FastifyError, _: FastifyRequest, response: FastifyReply): void => {
  const problem = problemOf('DSEM-1015', detailOf('DSEM-1015', error.message, undefined));
  void response.status(400).header('content-type', problemMediaType).send(JSON.stringify(problem));
};
