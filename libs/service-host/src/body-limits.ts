import { ApiProblem, defaultBodyBytes, type Problem, type RouteSpec } from '@dsem/api';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { defaultJsonLimits, parseJson, type JsonLimits } from './json-limits.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route's own limit, in bytes. */
    maxBodyBytes?: number | undefined;
    /** What the address is bound to; absent for what no route declares. */
    route?: RouteSpec | undefined;
  }
}

const applyByteLimit = (route: RouteOptions): void => {
  route.bodyLimit = route.config?.maxBodyBytes ?? defaultBodyBytes;
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

const decode = (body: Buffer): string => {
  try {
    return utf8.decode(body);
  } catch (cause) {
    throw new ApiProblem('DSEM-1001', 'the body is not UTF-8', { cause });
  }
};

/**
 * Makes JSON the only body a process takes, limited in bytes (per route), depth and keys before it is parsed.
 * An empty body is no body. Call before any route is registered.
 */
export const limitBodies = (server: FastifyInstance, limits: JsonLimits = defaultJsonLimits): void => {
  server.addHook('onRoute', applyByteLimit);
  server.removeAllContentTypeParsers();
  const parse = (_: FastifyRequest, body: Buffer): Promise<unknown> =>
    Promise.resolve().then(() => (body.length === 0 ? undefined : parseJson(decode(body), limits)));
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, parse);
};

/** The catalogue code of an error that Fastify itself raised before a handler was reached. */
export const codeOfFastify = (error: { code?: unknown; statusCode?: unknown }): Problem['code'] | undefined => {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return 'DSEM-1004';
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return 'DSEM-1007';
    default:
      return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500
        ? 'DSEM-1015'
        : undefined;
  }
};

/** Of the framework's sentences only those with an address in them are longer. */
const longestDetail = 300;

/** What the framework's own errors leave out, the limit of a body, and what they tell too much of, the whole address. */
export const detailOf = (code: Problem['code'], message: string, bodyLimit: number | undefined): string => {
  if (code === 'DSEM-1004' && bodyLimit !== undefined)
    return `the body is larger than the ${bodyLimit.toLocaleString('en')} bytes that are taken here`;
  if (message.endsWith('is not a valid url component')) return 'the address is badly escaped, or a part of it too long';
  return message.length <= longestDetail ? message : `${message.slice(0, longestDetail)}…`;
};
