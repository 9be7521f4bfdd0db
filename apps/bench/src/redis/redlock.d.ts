/** What is used of it: its own types are not among its `exports`. */
declare module 'redlock' {
  export default class Redlock {
    constructor(clients: readonly unknown[]);
    acquire(resources: readonly string[], durationMs: number): Promise<{ release(): Promise<unknown> }>;
  }
}
