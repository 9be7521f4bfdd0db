/** A batch has done another hundred stocks; one whose length is known is told of when it begins, too. */
export interface BatchEvent {
  readonly type: 'batch';
  readonly completed: number;
  /** Undefined for a stream. */
  readonly total?: number | undefined;
  /** How long the rest takes by the limit of calls, if nobody else calls; undefined for a stream. */
  readonly estimatedMs?: number | undefined;
}
