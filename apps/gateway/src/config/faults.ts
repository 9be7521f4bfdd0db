/** What is wrong with a configuration, and what to do about each of it. */
export interface Faults {
  /** The same again is not told twice. */
  add(what: string, remedy: string): void;
  readonly list: readonly Fault[];
}

export interface Fault {
  readonly what: string;
  readonly remedy: string;
}

/** The gateway cannot be started as it was told to: everything that is wrong, with no secret in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'ERR_CONFIG';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    const lines = faults.map(({ what, remedy }, index) => `  ${index + 1}. ${what}. ${remedy}.`);
    const count = faults.length === 1 ? '1 thing is' : `${faults.length} things are`;
    super(`the gateway cannot start, ${count} wrong:\n${lines.join('\n')}`);
    this.faults = faults;
  }
}

export function createFaults(): Faults {
  const list: Fault[] = [];
  return {
    list,
    add(what, remedy) {
      if (!list.some((it) => it.what === what)) list.push({ what, remedy });
    },
  };
}
