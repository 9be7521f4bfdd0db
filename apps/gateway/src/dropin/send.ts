import type { FastifyReply } from 'fastify';
import type { KisAnswer } from './kis-replies.ts';

export function sendAnswer(reply: FastifyReply, { status, body, headers = {} }: KisAnswer): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-type': 'application/json; charset=utf-8', ...headers })
    .send(Buffer.from(JSON.stringify(body)));
}
