import type { FastifyReply, FastifyRequest } from 'fastify';
import { inWordsOfKis } from '../dropin/kis-words.ts';
import { sendAnswer } from '../dropin/send.ts';
import type { Problems } from '../live/problems.ts';
import { PROBLEM_TYPE, type Problem, problemOf } from './problem.ts';

/** Answers what went wrong, and tells of what is not the caller's doing. */
type AnswerError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

export function createAnswerError(note: Problems['note']): AnswerError {
  return (error, request, reply) => {
    // Whoever asked has gone: nobody reads an answer, and nothing went wrong.
    if (reply.raw.destroyed) return reply.code(499).send();
    const problem = problemOf(error);
    if (problem.status >= 500 && problem.code !== 'ERR_GATEWAY_ENDS') {
      const where = request.routeOptions.url ?? 'none';
      note(where, { ...problem, message: problem.detail });
      request.log[problem.code === 'ERR_INTERNAL' ? 'error' : 'warn']({ err: error, where }, 'a call failed');
    }
    return sendProblem(reply, problem);
  };
}

/** In the words of whose path it is: KIS's own, or those of RFC 9457. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, retryAfterMs } = problem;
  const answer = inWordsOfKis(reply.request.raw.url ?? '', problem);
  if (answer !== undefined) return sendAnswer(reply, answer);
  if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
  return reply.code(status).type(PROBLEM_TYPE).send(problem);
}
