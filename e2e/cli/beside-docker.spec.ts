import { expect, test } from '@playwright/test';
import { existsSync } from 'node:fs';
import { type Docker, hasDocker, importBusybox, startDocker } from '../fixtures/dockerd.ts';
import { type ServedEngine, serveEngineInNetwork } from '../fixtures/engine.ts';
import { makePrivateNetwork, type PrivateNetwork } from '../fixtures/private-network.ts';

test.skip(!hasDocker, 'Docker is not installed');
test.skip(!existsSync('/bin/busybox'), 'this machine has no busybox');

test('Docker first: its FORWARD policy drops, and the containers of both reach the host and out', async () => {
  await using network = await makePrivateNetwork();
  await using docker = await startDocker(network);
  await importBusybox(docker);
  // It does so where it switches forwarding on itself: else this test would prove nothing.
  expect(await network.exec('iptables', '-S', 'FORWARD')).toContain('-P FORWARD DROP');
  await using engine = await serveEngineInNetwork(network);
  await engine.cli.must('starter', 'busybox');
  await expectBothReachOut(network, engine, docker);
  await expectOwnSubnets(network);

  await test.step('and what we did to its rules goes with us', async () => {
    const ours = /^-A DOCKER-USER .*-[io] ls-/m;
    expect(await network.exec('iptables', '-S', 'DOCKER-USER')).toMatch(ours);
    await engine.cli.must('rm', '-f', 'pier');
    const { agent } = JSON.parse(await engine.cli.must('info', '--format', 'json')) as {
      agent: { pid: number };
    };
    process.kill(agent.pid, 'SIGTERM');
    await expect.poll(() => network.exec('iptables', '-S', 'DOCKER-USER')).not.toMatch(ours);
    expect(await fromDocker(network, docker)).toBe('ahoy');
  });
});

test('Docker comes later, and again: running containers and new ones of both reach the host and out', async () => {
  await using network = await makePrivateNetwork();
  await using engine = await serveEngineInNetwork(network);
  await engine.cli.must('starter', 'busybox');
  await engine.cli.must('run', '-d', '--name', 'early', 'busybox', 'sleep', '1000');
  for (let start = 0; start < 2; start++) {
    await using docker = await startDocker(network);
    await importBusybox(docker);
    await expectBothReachOut(network, engine, docker);
    expect(await engine.cli.must('exec', 'early', ...fetchWords(network))).toContain('ahoy');
    await expectOwnSubnets(network);
    await engine.cli.must('rm', '-f', 'pier');
  }
});

async function expectBothReachOut(
  network: PrivateNetwork,
  { cli }: ServedEngine,
  docker: Docker,
): Promise<void> {
  expect(await cli.must('run', '--rm', 'busybox', ...fetchWords(network))).toContain('ahoy');
  expect(await fromDocker(network, docker)).toBe('ahoy');
  await cli.must('run', '-d', '--name', 'pier', 'busybox', 'sleep', '1000');
  const [{ networks }] = JSON.parse(await cli.must('inspect', 'pier')) as [
    { networks: { ipv4: { address: string; gateway: string } }[] },
  ];
  const { address = '', gateway = '' } = networks[0]?.ipv4 ?? {};
  await network.exec('/bin/busybox', 'ping', '-c', '1', '-W', '5', address);
  await cli.must('exec', 'pier', 'ping', '-c', '1', '-W', '5', gateway);
}

async function fromDocker(network: PrivateNetwork, { docker }: Docker): Promise<string> {
  const answer = await docker('run', '--rm', 'busybox', '/bin/sh', '-c', fetchScript(network));
  return answer.split('\n').at(-1) ?? '';
}

/** With nc: busybox's wget, linked statically, wants the resolver of a libc that is not there. */
function fetchScript({ outside }: PrivateNetwork): string {
  return String.raw`printf 'GET / HTTP/1.0\r\n\r\n' | nc -w 5 ${outside} 80`;
}

function fetchWords(network: PrivateNetwork): readonly string[] {
  return ['sh', '-c', fetchScript(network)];
}

/** No two links of the machine have a subnet in common. */
async function expectOwnSubnets(network: PrivateNetwork): Promise<void> {
  const routes = await network.exec('ip', '-4', 'route', 'show', 'scope', 'link');
  const subnets = routes.split('\n').map((route) => route.split(' ')[0] ?? '');
  // Ours, Docker's, and the machine's own.
  expect(subnets).toHaveLength(3);
  expect(new Set(subnets).size).toBe(3);
}
