import { benchFake } from './fake.ts';
import { benchFiles } from './file.ts';
import { benchTokens } from './token.ts';

console.log(`Node ${process.version}. Compare rows of one table: machines differ, and drift.\n`);
await benchTokens();
await benchFiles();
await benchFake();
