import type { Call } from '../call.ts';
import { MASTER_FILES_PATH } from '../hosts.ts';
import type { Reply } from '../reply.ts';
import type { MasterFiles } from './master-files.ts';

/** The answer to whoever asks for a file of symbols: the archive, or nothing with 404. */
export function masterReply(files: MasterFiles, { method, path }: Call, nowMs: number): Reply {
  const archive = method === 'GET' ? files.read(path.slice(MASTER_FILES_PATH.length), nowMs) : undefined;
  return { status: archive ? 200 : 404, body: archive ?? '', contentType: 'application/zip', kisCode: '' };
}
