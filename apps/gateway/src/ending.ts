/** Why a call was not waited for any longer. */
export class EndingError extends Error {
  override readonly name = 'EndingError';
  readonly code = 'ERR_GATEWAY_ENDS';

  constructor() {
    super('The gateway ends');
  }
}

/** Closes one after the other, as long as there is time, and tells what was not closed by then. Never rejects. */
export async function closeWithin(ms: number, parts: Readonly<Record<string, () => Promise<void>>>): Promise<string[]> {
  const left = new Set(Object.keys(parts));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  for (const [name, close] of Object.entries(parts)) {
    const closed = close().then(
      () => void left.delete(name),
      () => {},
    );
    await Promise.race([closed, late]);
  }
  clearTimeout(timer);
  return [...left];
}
