import type { Owners } from './owners.ts';

/** Where the versions of one document stand, and how they are written and read. */
export interface Place<T> {
  /** Stands in every version, so that none is taken for one of another document. */
  readonly key: string;
  readonly directory: string;
  /** The files are `<stem>.v<n>.json`. */
  readonly stem: string;
  /** Whether a version outlives a power cut. */
  readonly isDurable: boolean;
  readonly format: Format<T>;
  readonly owners: Owners;
  /** Whose files are believed. Absent: everybody's. */
  readonly mayTrust?: ((uid: number) => Promise<boolean>) | undefined;
}

/** How a document stands in its versions. */
export interface Format<T> {
  /** What every file begins with: `<what>/<version>`. */
  readonly name: string;
  /** What stands for a value, or for emptiness (undefined), beside `label`, which names the document and the version. */
  encode(value: T | undefined, label: string): object;
  /** Undefined: not what `encode` made. */
  decode(content: Readonly<Record<string, unknown>>, label: string): Decoded<T> | undefined;
}

export interface Decoded<T> {
  /** Undefined: emptied, or locked. */
  readonly value: T | undefined;
  /** Why the value is hidden from us: what follows after the file's name in a sentence. Absent: it is not. */
  readonly locked?: string | undefined;
  /** Whether it stood there so that nobody without a key can have written it. */
  readonly isSealed?: boolean | undefined;
}
