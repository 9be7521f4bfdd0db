/** The connection was closed without an answer, as `failNext.cut` said. */
export class ConnectionCutError extends Error {
  override readonly name = 'ConnectionCutError';
  readonly code = 'ECONNRESET';

  constructor() {
    super('mock: the connection was cut');
  }
}
