import type { KisEnvironment } from '@kis/token-core';
import type { Names } from './names.ts';
import type { Request } from './request.ts';

/** What quotes are read through where more than the call matters. */
export interface QuoteSource {
  readonly environment: KisEnvironment;
  readonly request: Request;
  readonly names: Names;
  /** KIS's time, once it is known. */
  nowMs(): number;
  /** By which waits are measured. */
  monotonicMs(): number;
}
