import { containerRequest } from '@longshore/engine/contract';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../lib/shell-words.ts';
import { maskedCommandLine, runArguments, runCommandLine } from './run-command.ts';
import { canRun, EMPTY_RUN_FORM, readRunForm, type RunForm } from './run-form.ts';

const full: RunForm = {
  image: 'nginx:1.27-alpine',
  name: 'site-preview',
  command: `sh -c 'echo "$HOME"'`,
  env: [
    { name: 'GREETING', value: "it's me" },
    { name: '', value: '' },
  ],
  mounts: [{ source: '/home/ana/my site', target: '/usr/share/nginx/html', readOnly: true }],
  user: 'nginx',
  workingDir: '/srv',
  memory: '256',
  cpus: '1.5',
  network: 'none',
  interactive: true,
  autoRemove: true,
  init: true,
};

describe('the command line of a form', () => {
  it('has an option for everything that the request asks for', () => {
    const { request } = readRunForm(full);
    expect(runArguments(request)).toEqual([
      'run', '-dit', '--rm', '--init', '--name', 'site-preview', '--network', 'none',
      '-v', '/home/ana/my site:/usr/share/nginx/html:ro', '-e', "GREETING=it's me",
      '--user', 'nginx', '--workdir', '/srv', '--memory', '256m', '--cpus', '1.5',
      'nginx:1.27-alpine', 'sh', '-c', 'echo "$HOME"',
    ]); // prettier-ignore
  });

  it('survives a shell', () => {
    const { request } = readRunForm(full);
    expect(splitWords(runCommandLine(request))).toEqual({
      ok: true,
      words: ['longshore', ...runArguments(request)],
    });
  });

  it('can be shown without its secrets', () => {
    const env = ['TZ=UTC', 'DB_PASSWORD=hunter2'];
    const line = maskedCommandLine({ image: 'postgres', env });
    expect(line).toBe("longshore run -d -e TZ=UTC -e 'DB_PASSWORD=••••••••' postgres");
    expect(maskedCommandLine({ image: 'postgres' })).toBe(runCommandLine({ image: 'postgres' }));
  });

  it('asks for nothing that was not filled in', () => {
    const { request } = readRunForm({ ...EMPTY_RUN_FORM, image: 'busybox' });
    expect(runCommandLine(request)).toBe('longshore run -d busybox');
    expect(request).toEqual({ image: 'busybox' });
  });
});

describe('readRunForm', () => {
  it('makes a request that the engine accepts', () => {
    const { request } = readRunForm(full);
    expect(containerRequest.parse(request)).toMatchObject({
      mounts: [{ type: 'bind', readOnly: true, createSource: true }],
      resources: { memoryBytes: 256 * 1024 * 1024, cpus: 1.5 },
    });
  });

  it.each([
    ['image', { image: 'Nginx!' }],
    ['name', { name: '-x' }],
    ['command', { command: "echo 'a" }],
    ['env', { env: [{ name: '', value: 'x' }] }],
    ['mounts', { mounts: [{ source: 'relative', target: '/x', readOnly: false }] }],
    ['workingDir', { workingDir: 'srv' }],
    ['memory', { memory: '5' }],
    ['cpus', { cpus: 'two' }],
  ] as const)('tells what is wrong with %s', (field, part) => {
    const read = readRunForm({ ...EMPTY_RUN_FORM, image: 'busybox', ...part });
    expect(Object.keys(read.problems)).toEqual([field]);
    expect(canRun(read)).toBe(false);
  });
});
