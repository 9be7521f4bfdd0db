export type { Credentials } from './accounts.ts';
export type { MockControl } from './control.ts';
export { createFakeKis, type FakeKis, type FakeKisOptions, type RequestContext } from './fake-kis.ts';
export type { FailNext } from './faults.ts';
export type { LogEntry, MockLog } from './journal.ts';
export type { FakeSymbol } from './market/symbols.ts';
export type { Clock } from './ports.ts';
export type { RecordedReply } from './scenario.ts';
export { type MockServer, type MockServerOptions, startMockServer } from './server.ts';
