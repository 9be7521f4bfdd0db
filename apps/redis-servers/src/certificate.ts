import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { needProgram } from './program.ts';

export interface Certificate {
  readonly key: string;
  readonly certificate: string;
  /** What a client has to trust: the certificate, as it is signed by itself. */
  readonly ca: string;
}

/** Makes a certificate for 127.0.0.1 and localhost, as files in `directory`. */
export async function makeCertificate(directory: string): Promise<Certificate> {
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const openssl = await needProgram(['openssl']);
  await promisify(execFile)(openssl, ['req', ...kind, ...names, '-keyout', key, '-out', certificate]);
  return { key, certificate, ca: await readFile(certificate, 'utf8') };
}
