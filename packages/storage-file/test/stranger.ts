import { createFileStorage, type FileStorageEvent } from '../src/index.ts';
import { record } from './records.ts';

/** What another user of the host could do with a storage. */
export interface StrangerReport {
  readonly read: number | string | undefined;
  readonly write: string;
  readonly probe: string;
  readonly events: readonly string[];
}

const [, , directory] = process.argv;
const key = 'real-1';
const events: FileStorageEvent[] = [];
const storage = createFileStorage({ directory, onEvent: (event) => events.push(event) });
const codeOf = (error: NodeJS.ErrnoException): string => error.code ?? error.message;

const found = await storage.read(key).catch(codeOf);
const version = typeof found === 'object' ? found.version : undefined;
const write = await storage.compareAndSet(key, version, record(100)).then((written) => written ?? 'lost', codeOf);
const probe = await storage.probe().then(
  () => 'would work',
  (error: Error) => error.message,
);
const report: StrangerReport = {
  read: typeof found === 'object' ? found.record.token?.issuedAtMs : found,
  write,
  probe,
  events: events.map((event) => ('reason' in event ? `${event.type}: ${event.reason}` : event.type)),
};
console.log(JSON.stringify(report));
