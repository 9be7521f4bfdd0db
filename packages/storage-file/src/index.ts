export { LegacyTokenError, type LegacyTokenReason } from './errors.ts';
export type { FileStorageEvent } from './events.ts';
export { createFileStorage, type FileStorage } from './file-storage.ts';
export { type ReadLegacyTokenOptions, readLegacyToken } from './legacy/read-legacy-token.ts';
export type { FileStorageOptions, PythonCredentials } from './location.ts';
