import type { Format } from './place.ts';

/** `"value"` is the value as JSON; where it is missing there is none. */
export function createJsonFormat<T>(): Format<T> {
  return {
    name: 'kis-versioned-file/1',
    encode(value) {
      if (value === undefined) return {};
      if (JSON.stringify(value) === undefined) {
        throw new TypeError(`versioned-file: \`value\` must be JSON, got a ${typeof value}`);
      }
      return { value };
    },
    decode: ({ value }) => ({ value: value as T | undefined }),
  };
}
