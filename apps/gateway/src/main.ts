import { readConfig } from './config/config.ts';
import { ConfigError } from './config/faults.ts';
import { createGateway } from './gateway.ts';

/** sysexits.h: whoever starts it again at once gets the same. */
const EX_CONFIG = 78;
/** Whoever sends SIGTERM waits for ten. */
const LONGEST_END_MS = 9_500;

try {
  const gateway = await createGateway(await readConfig(process.env));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // They may come again: from a terminal and from what runs us in it.
    process.on(signal, () => {
      setTimeout(() => process.exit(1), LONGEST_END_MS).unref();
      void gateway.close().then(() => process.exit(0));
    });
  }
  await gateway.listen();
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const isTaken = code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL';
  if (!(error instanceof ConfigError) && !isTaken) throw error;
  console.error(isTaken ? `the gateway cannot listen (${message}): set another HOST or PORT` : message);
  process.exit(isTaken ? 1 : EX_CONFIG);
}
