export type { VersionedFileEvent, VersionedFileOptions } from './options.ts';
export { createVersionedFile, type VersionedFile } from './versioned-file.ts';
