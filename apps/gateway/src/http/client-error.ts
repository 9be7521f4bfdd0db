import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { createProblem, PROBLEM_TYPE } from './problem.ts';

/** Answers what never became a request, and hangs up. */
export function answerClientError({ code }: { readonly code: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed) return;
  const [status, detail] = told(code);
  const body = JSON.stringify(createProblem(status, 'ERR_BAD_REQUEST', detail));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy();
}

/** By Node's own codes. */
function told(code: string): [status: number, detail: string] {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return [408, 'The request did not come in time'];
  if (code === 'HPE_HEADER_OVERFLOW') return [431, 'The headers of the request are too long'];
  return [400, 'The request is not HTTP'];
}
