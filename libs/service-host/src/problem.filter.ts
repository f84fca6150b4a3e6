import { randomUUID } from 'node:crypto';
import { isCode, problemMediaType, problemOf, problemOfCoded, type Code, type Problem } from '@dsem/api';
import { HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import { codeOfFastify } from './body-limits.js';
import { currentTracing } from './request-context.js';
import { fieldErrors } from './route-request.js';

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

/** The problem of any error that was meant for the caller; undefined for a fault of our own. */
export const knownProblem = (error: unknown): Problem | undefined => {
  const coded = problemOfCoded(error);
  if (coded !== undefined) return coded;
  if (error instanceof ZodError) return problemOf('DSEM-1002', undefined, { errors: fieldErrors('body', error) });
  if (error instanceof HttpException) {
    const code = ofNest(error);
    return code === 'DSEM-9001' ? undefined : problemOf(code, error.message);
  }
  if (!(error instanceof Error)) return undefined;
  const code = codeOfFastify(error as { code?: unknown; statusCode?: unknown });
  return code !== undefined && isCode(code) ? problemOf(code, error.message) : undefined;
};

/** Where faults of our own are told, with the id the caller got. */
export type FaultLog = (fault: { incident: string; error: unknown; correlationId?: string }) => void;

/** Answers every error as a problem document; our own faults give an incident id and nothing else. */
export class ProblemFilter implements ExceptionFilter {
  constructor(readonly log: FaultLog) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<FastifyReply>();
    const request = http.getRequest<FastifyRequest>();
    const problem = knownProblem(error) ?? this.#fault(error);
    const answer = { instance: request.url, ...problem };
    if (problem.status === 401) void response.header('www-authenticate', 'Bearer');
    void response.header('content-type', problemMediaType).status(problem.status).send(JSON.stringify(answer));
  }

  #fault(error: unknown): Problem {
    const incident = randomUUID();
    const correlationId = currentTracing()?.correlationId;
    this.log({ incident, error, ...(correlationId === undefined ? {} : { correlationId }) });
    return problemOf('DSEM-9001', `incident ${incident}`, { instance: `urn:uuid:${incident}` });
  }
}
