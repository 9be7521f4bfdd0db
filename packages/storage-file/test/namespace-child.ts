import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOwners } from '@kis/versioned-file/parts';
import { countQuestions } from './count-questions.ts';

/** What a process in a pid namespace of its own says of itself and of what it finds. */
export interface NamespaceReport {
  readonly pid: number;
  readonly tempName: string;
  /** Whether it takes the given temporary file for a dead writer's. */
  readonly isAbandoned: boolean;
  /** How often it asked the issuer in half a second, beside the claim of another. */
  readonly asked: number;
}

/** 20 s is beyond every test: what hangs is not left behind. */
setTimeout(() => process.exit(99), 20_000).unref();

const [, , directory = '', foreignTemp = ''] = process.argv;
const owners = createOwners();
const tempName = owners.tempName();
writeFileSync(join(directory, tempName), '');

const asked = await countQuestions(directory);

const isAbandoned = await owners.isAbandoned(join(directory, foreignTemp), Date.now());
const report: NamespaceReport = { pid: process.pid, tempName, isAbandoned, asked };
console.log(JSON.stringify(report));
