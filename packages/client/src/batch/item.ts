/** What came of one code: `value`, or the `error` with which it failed. */
export type BatchItem<T> =
  | { readonly code: string; readonly value: T; readonly error?: undefined }
  | { readonly code: string; readonly value?: undefined; readonly error: unknown };
