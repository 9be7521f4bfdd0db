export interface Steps {
  /** Does one step and tells how it went; undefined where it failed. `detail` is told behind the title. */
  step<T>(title: string, work: () => Promise<T>, detail?: (result: T) => string): Promise<T | undefined>;
  /** Tells the sum; whether all went well. */
  finish(): boolean;
}

/** A failed step does not end the run: all that is wrong is told at once. */
export function createSteps(print: (line: string) => void): Steps {
  let failures = 0;
  return {
    async step(title, work, detail) {
      const startedMs = performance.now();
      try {
        const result = await work();
        const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
        const more = detail?.(result) ?? '';
        print(`ok    ${title} (${seconds} s)${more === '' ? '' : `: ${more}`}`);
        return result;
      } catch (error) {
        failures += 1;
        print(`FAIL  ${title}\n${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      }
    },
    finish() {
      print(failures === 0 ? 'all well' : `${failures} failed`);
      return failures === 0;
    },
  };
}
