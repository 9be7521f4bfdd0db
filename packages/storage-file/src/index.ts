export type { FileStorageEvent } from './events.ts';
export { createFileStorage } from './file-storage.ts';
export type { FileStorageOptions } from './location.ts';
