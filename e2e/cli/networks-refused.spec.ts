import { expect, test } from '@playwright/test';
import { type ServedEngine, serveEngine } from '../fixtures/engine.ts';

/** What networks and ports cannot be, as a person types it. One network is there throughout, and stays the only one. */

let engine: ServedEngine;

test.beforeAll(async () => {
  engine = await serveEngine();
  await engine.cli.must('starter', 'hello');
  await engine.cli.must('network', 'create', '--subnet', '10.214.2.0/24', 'taken');
});

test.afterAll(() => engine[Symbol.asyncDispose]());

const REFUSALS: readonly (readonly [words: string, ...args: string[]])[] = [
  ['overlaps', 'network', 'create', '--subnet', '10.214.2.128/25', 'sea'],
  ['differ only in case', 'network', 'create', 'TAKEN'],
  ['already', 'network', 'create', 'taken'],
  ['gateway', 'network', 'create', '--subnet', '10.214.3.0/24', '--gateway', '10.214.4.1', 'sea'],
  ['range', 'network', 'create', '--subnet', '10.214.3.0/24', '--ip-range', '10.214.4.0/25', 'sea'],
  ['aux-address', 'network', 'create', '--aux-address', 'printer=10.214.3.5', 'sea'],
  ['colour', 'network', 'create', '-o', 'colour=red', 'sea'],
  ['overlay', 'network', 'create', '-d', 'overlay', 'sea'],
  ['name', 'network', 'create', 'a b'],
  ['pre-defined', 'network', 'rm', 'bridge'],
  ['No such network', 'network', 'rm', 'nothing'],
  ['No such network', 'run', '--network', 'nothing', 'hello'],
  ['10.214.2.0/24', 'run', '--network', 'taken', '--ip', '10.214.9.9', 'hello'],
  ['has no names', 'run', '--network-alias', 'x', 'hello'],
  ['10.214.2.1', 'run', '--network', 'taken', '--ip', '10.214.2.1', 'hello'],
  ['MAC address', 'run', '--network', 'name=taken,mac-address=01:00:5e:00:00:01', 'hello'],
  ['aliases', 'run', '--network', 'name=taken,alias=a b', 'hello'],
  ['swarm', 'network', 'create', '--ingress', 'sea'],
  ['no address', 'run', '-p', '10.0.0:80:80', 'hello'],
  ['quic', 'run', '-p', '80:80/quic', 'hello'],
  ['dns', 'run', '--dns', 'example.com', 'hello'],
  ['extra host', 'run', '--add-host', 'nowhere', 'hello'],
  ['stands alone', 'run', '--network', 'host', '--ip', '10.214.2.9', 'hello'],
  ['not of one length', 'run', '-p', '8000-8003:80-81', 'hello'],
  ['65535', 'run', '-p', '70000:80', 'hello'],
  ['no filter', 'network', 'ls', '-f', 'colour=red'],
];

for (const [words, ...args] of REFUSALS) {
  test(`${args.join(' ')}: refused with what is wrong, and nothing is made`, async () => {
    const { cli } = engine;
    const { code, stderr } = await cli.run(args);
    expect(code).not.toBe(0);
    expect(stderr).toContain(words);
    expect(await cli.must('network', 'ls', '-f', 'type=custom', '--format', '{{.Name}}')).toBe('taken');
    expect(await cli.must('ps', '-aq')).toBe('');
  });
}
