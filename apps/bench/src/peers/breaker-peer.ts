/** A circuit breaker of any library, that opens after five failures in a row. */
export interface BreakerPeer {
  readonly name: string;
  create(openMs: number): RunningBreaker;
}

export interface RunningBreaker {
  run<T>(task: () => Promise<T>): Promise<T>;
  close?(): void;
}
