/** Reads numbers of the environment; what is none, or no good, is told to `faults` by the variable's name. */
export interface EnvNumbers {
  /** Undefined where it is not set. */
  read(name: string, isGood: (value: number) => boolean, rule: string): number | undefined;
  /** Of a variable that is in seconds. */
  readMs(name: string, isGood: (seconds: number) => boolean, rule: string): number | undefined;
}

export function createEnvNumbers(
  /** What a variable says; undefined where it is not set. */
  readText: (name: string) => string | undefined,
  faults: string[],
): EnvNumbers {
  function read(name: string, isGood: (value: number) => boolean, rule: string): number | undefined {
    const text = readText(name);
    if (text === undefined) return undefined;
    const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!isGood(value)) faults.push(`${name} must be ${rule}`);
    return value;
  }

  return {
    read,
    readMs(name, isGood, rule) {
      const seconds = read(name, (it) => isGood(it) && Number.isFinite(it * 1_000), rule);
      return seconds === undefined ? undefined : seconds * 1_000;
    },
  };
}
