export { KrxError, type KrxErrorReason } from './errors.ts';
export type { KrxEvent } from './events.ts';
export type { KrxCacheOptions, KrxSourceOptions } from './options.ts';
export type { Clock, KrxStore } from './ports.ts';
export { createKrxSource } from './source.ts';
