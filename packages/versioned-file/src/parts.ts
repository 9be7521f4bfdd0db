export { cleanUp } from './clean-up.ts';
export { createDamageReports, removeCopies } from './damage-reports.ts';
export { createDirectoryWatch } from './directory-watch.ts';
export {
  hasCode,
  INNER_NAME,
  listNames,
  MAX_BYTES,
  makeDirectory,
  type OpenedFile,
  openRegularFile,
  type Refusal,
  readRegularFile,
  removeQuietly,
  renameOver,
  writeNewFile,
} from './files.ts';
export { isWithoutLinks } from './give-name.ts';
export { createOwners, type Owners } from './owners.ts';
export type { Decoded, Format, Place } from './place.ts';
export { type Published, publish } from './publish.ts';
export { sha256 } from './sha256.ts';
export { tryToWrite } from './try-to-write.ts';
export { decodeVersion, encodeVersion, type VersionBody } from './version-body.ts';
export { type Newest, readIfThere, readNewest, versionName, versionNumbers, versionPath } from './versions.ts';
