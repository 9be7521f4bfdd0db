type Lockfile = typeof import('proper-lockfile');

/**
 * Loads proper-lockfile, and with it signal-exit, which ends the process on a signal that nobody else listens for. It counts
 * the others when its own listener is called: one that the app had added by `once` is gone by then, and the app's way to
 * end would be cut short. So its listeners go to the front.
 */
export async function loadLockfile(): Promise<Lockfile> {
  const before = new Set(signalListeners().map(({ listener }) => listener));
  const library = await import('proper-lockfile');
  for (const { signal, listener } of signalListeners()) {
    if (before.has(listener)) continue;
    process.off(signal, listener);
    process.prependListener(signal, listener);
  }
  return library;
}

function signalListeners(): { readonly signal: NodeJS.Signals; readonly listener: NodeJS.SignalsListener }[] {
  const isSignal = (name: string | symbol): name is NodeJS.Signals =>
    typeof name === 'string' && name.startsWith('SIG');
  return process
    .eventNames()
    .filter(isSignal)
    .flatMap((signal) =>
      process.rawListeners(signal).map((listener) => ({ signal, listener: listener as NodeJS.SignalsListener })),
    );
}
