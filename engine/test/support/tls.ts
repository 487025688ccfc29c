import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CertificateFiles } from './certificates.ts';

const run = promisify(execFile);

/** An authority of our own, which vouches for servers and for clients. */
export class Authority {
  readonly files: CertificateFiles;
  private readonly folder: string;

  static async make(folder: string): Promise<Authority> {
    const files = { certificate: join(folder, 'authority.crt'), key: join(folder, 'authority.key') };
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=harbour authority'],
      ...['-addext', 'basicConstraints=critical,CA:TRUE'],
      ...['-keyout', files.key, '-out', files.certificate],
    ]);
    return new Authority(folder, files);
  }

  private constructor(folder: string, files: CertificateFiles) {
    this.folder = folder;
    this.files = files;
  }

  /** `names` as in subjectAltName: `IP:127.0.0.1`, `DNS:registry.test`. */
  async vouchFor(name: string, names: readonly string[]): Promise<CertificateFiles> {
    const path = (extension: string): string => join(this.folder, `${name}.${extension}`);
    const files = { certificate: path('crt'), key: path('key') };
    await writeFile(path('ext'), `subjectAltName=${names.join(',')}\n`);
    const request = ['-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, '-keyout', files.key];
    await run('openssl', ['req', ...request, '-out', path('csr')]);
    await run('openssl', [
      ...['x509', '-req', '-days', '2', '-in', path('csr'), '-extfile', path('ext')],
      ...['-CA', this.files.certificate, '-CAkey', this.files.key, '-CAcreateserial'],
      ...['-out', files.certificate],
    ]);
    return files;
  }
}
