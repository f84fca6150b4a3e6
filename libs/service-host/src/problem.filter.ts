import { randomUUID } from 'node:crypto';
import {
  type ApiProblem,
  isCode,
  problemMediaType,
  problemOf,
  problemOfCoded,
  type Code,
  type Problem,
} from '@dsem/api';
import { HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import { codeOfFastify, detailOf } from './body-limits.js';
import { databaseAway, retryAfterSeconds } from './database-away.js';
import { redact } from './logging.js';
import { fieldErrors, tracingOfRequest } from './route-request.js';

const ofNest = (error: HttpException): Code => {
  switch (error.getStatus()) {
    case 404:
      return 'DSEM-1009';
    case 401:
      return 'DSEM-5101';
    case 403:
      return 'DSEM-5105';
    case 413:
      return 'DSEM-1004';
    case 415:
      return 'DSEM-1007';
    default:
      return error.getStatus() < 500 ? 'DSEM-1015' : 'DSEM-9001';
  }
};

/** Nest's `Cannot GET /path?query`. */
const withoutQuery = (message: string): string => redact(message.replace(/\?\S*/u, ''));

/** The problem of any error that was meant for the caller; undefined for a fault of our own. */
export const knownProblem = (error: unknown, bodyLimit?: number): Problem | undefined => {
  const coded = problemOfCoded(error);
  if (coded !== undefined) return coded;
  if (error instanceof ZodError) return problemOf('DSEM-1002', undefined, { errors: fieldErrors('body', error) });
  if (error instanceof HttpException) {
    const code = ofNest(error);
    return code === 'DSEM-9001' ? undefined : problemOf(code, detailOf(code, withoutQuery(error.message), bodyLimit));
  }
  if (!(error instanceof Error)) return undefined;
  const code = codeOfFastify(error as { code?: unknown; statusCode?: unknown });
  return code !== undefined && isCode(code) ? problemOf(code, detailOf(code, error.message, bodyLimit)) : undefined;
};

/** Where faults of our own are told, with the id the caller got. */
export type FaultLog = (fault: { incident: string; error: unknown; correlationId: string }) => void;

/** Longer addresses are no route's; nobody needs them told back in full. */
const longestInstance = 500;

/** What was asked for, without the query: somebody may have put a key there. */
const instanceOf = ({ url }: FastifyRequest): string => {
  const path = redact(url.split('?', 1)[0] ?? '');
  return path.length <= longestInstance ? path : `${path.slice(0, longestInstance)}…`;
};

const write = (problem: Problem, response: FastifyReply): void => {
  const answer = { instance: instanceOf(response.request), ...problem };
  if (problem.status === 503) void response.header('retry-after', String(retryAfterSeconds));
  if (problem.status === 401) void response.header('www-authenticate', 'Bearer');
  void response.header('content-type', problemMediaType).status(problem.status).send(JSON.stringify(answer));
};

/** Answers a refusal outside of a handler, such as where a proxy fails. */
export const answerProblem = (problem: ApiProblem, response: FastifyReply): void =>
  write(problem.toProblem(), response);

/**
 * Answers every error as a problem document; our own faults give an incident id and nothing else, and those of a
 * database that is away 503 and when to try again.
 */
export class ProblemFilter implements ExceptionFilter {
  constructor(readonly log: FaultLog) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    write(
      knownProblem(error, request.routeOptions.bodyLimit) ?? this.#fault(error, request),
      http.getResponse<FastifyReply>(),
    );
  }

  #fault(error: unknown, request: FastifyRequest): Problem {
    const incident = randomUUID();
    this.log({ incident, error, correlationId: tracingOfRequest(request).correlationId });
    const code = databaseAway(error) ? 'DSEM-9006' : 'DSEM-9001';
    return problemOf(code, `incident ${incident}`, { instance: `urn:uuid:${incident}` });
  }
}
