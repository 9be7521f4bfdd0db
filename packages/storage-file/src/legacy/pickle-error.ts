/** Bytes that are no pickle of plain data. Says where, never what they hold. */
export class PickleError extends Error {
  override readonly name = 'PickleError';
  readonly code = 'ERR_PICKLE';
  /** Of the byte at which reading ended. */
  readonly offset: number;

  constructor(offset: number, detail: string) {
    super(`byte ${offset} of the pickle: ${detail}`);
    this.offset = offset;
  }
}
