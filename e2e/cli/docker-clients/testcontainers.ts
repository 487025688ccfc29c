import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { GenericContainer, getContainerRuntimeClient, Network, Wait } from 'testcontainers';

/**
 * One real piece of work by Testcontainers: servers on a network with aliases, waited for by port, log and health, with
 * files copied in and out: `testcontainers.ts REFERENCE`; DOCKER_HOST names the engine.
 */
async function scenario(reference: string): Promise<void> {
  const network = await new Network().start();
  const server = await new GenericContainer(reference)
    .withCommand(['sh', '-c', 'echo starting; exec httpd -f -p 80 -h /www'])
    .withNetwork(network)
    .withNetworkAliases('web')
    .withLabels({ 'made.by': 'testcontainers' })
    .withExposedPorts(80)
    .withCopyContentToContainer([{ content: 'ahoy\n', target: '/www/index.html' }])
    .withEnvironment({ COLOUR: 'blue' })
    .withHealthCheck({
      test: ['CMD', 'wget', '-q', '-O', '-', 'http://127.0.0.1/'],
      interval: 200,
      retries: 50,
    })
    .withWaitStrategy(
      Wait.forAll([Wait.forLogMessage('starting'), Wait.forHealthCheck(), Wait.forListeningPorts()]),
    )
    .start();
  const answer = await fetch(`http://${server.getHost()}:${server.getMappedPort(80)}/`);
  assert.equal(await answer.text(), 'ahoy\n');
  const { exitCode, output } = await server.exec(['sh', '-c', 'echo $COLOUR; exit 2']);
  assert.deepEqual([exitCode, output], [2, 'blue\n']);
  const client = await new GenericContainer(reference)
    .withNetwork(network)
    .withCommand(['wget', '-q', '-O', '-', 'http://web/'])
    .withWaitStrategy(Wait.forOneShotStartup())
    .start();
  assert.match(await text(await client.logs()), /ahoy/);
  await client.stop();
  await server.restart();
  await checkBuild(reference);
  await server.stop();
  await network.stop();
  const runtime = await getContainerRuntimeClient();
  assert.equal(await runtime.container.fetchByLabel('made.by', 'testcontainers'), undefined);
}

async function checkBuild(reference: string): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'longshore-context-'));
  try {
    await writeFile(
      path.join(folder, 'Dockerfile'),
      `FROM ${reference}\nARG WHO\nRUN echo built for $WHO > /built\n`,
    );
    const image = await GenericContainer.fromDockerfile(folder).withBuildArgs({ WHO: 'me' }).build();
    const container = await image
      .withCommand(['cat', '/built'])
      .withWaitStrategy(Wait.forOneShotStartup())
      .start();
    assert.match(await text(await container.logs()), /built for me/);
    await container.stop();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// The library lets Node end while it reads a log; a program of its own has to stay.
const alive = setInterval(() => undefined, 1000);
await scenario(process.argv[2] ?? '');
clearInterval(alive);
process.stdout.write('done\n');
process.exit(0);
