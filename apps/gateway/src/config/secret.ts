/** A text that shows itself nowhere but where it is asked for: not in a log, not in `inspect`, not in JSON. */
export interface Secret {
  reveal(): string;
}

export function createSecret(text: string): Secret {
  return { reveal: () => text };
}
