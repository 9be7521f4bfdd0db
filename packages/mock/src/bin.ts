#!/usr/bin/env node
import { HELP, readCommandLine } from './command-line.ts';
import { startMockServer } from './server.ts';

async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const server = await startMockServer(options);
  process.stdout.write(`kis-mock (${options.environment ?? 'real'}) listens on ${server.url}\n`);
  const stop = (): void => void server.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message.startsWith('mock:') ? 'kis-' : 'kis-mock: '}${message}\n`);
  process.exitCode = 1;
});
