import { randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeReal, RealEngine } from './real-agent.ts';
import { DockerRegistry } from './support/docker-registry.ts';
import { type BuildOutcome, type BuildSettings, ContextFolder, runBuild } from './support/real-builds.ts';

const patience = 120_000;

/** Each command leaves something that only it can make: a step that is done again makes another image. */
const DOCKERFILE = `
FROM busybox AS tools
RUN head -c 16 /dev/urandom > /tool && mkdir -p /deep/er && ln -s /tool /deep/link && chown 12:34 /deep
FROM busybox
WORKDIR /app
COPY file .
COPY --from=tools /tool /deep /tools/
RUN head -c 16 /dev/urandom > /app/made && chmod 4751 /app/made
ENV A=1
`;

describeReal(
  'the cache of builds in a registry or a folder',
  () => {
    let registry: DockerRegistry;
    let context: ContextFolder;
    let first: RealEngine;
    let second: RealEngine;

    beforeAll(async () => {
      [registry, context, first, second] = await Promise.all([
        DockerRegistry.start(),
        ContextFolder.create(),
        RealEngine.open(),
        RealEngine.open(),
      ]);
      await context.write('file', 'content');
      for (const engine of [first, second]) await engine.client.images.installStarter({ name: 'busybox' });
    }, patience);
    afterAll(async () => {
      await Promise.all(
        [registry, context, first, second].map((one: AsyncDisposable) => one[Symbol.asyncDispose]()),
      );
    }, patience);

    const build = (engine: RealEngine, settings: BuildSettings): Promise<BuildOutcome> =>
      runBuild(engine, {
        context: { kind: 'folder', path: context.path },
        dockerfileText: DOCKERFILE,
        ...settings,
      });

    /** States of the steps that change files. */
    const states = ({ events }: BuildOutcome): readonly string[] =>
      events.flatMap((event) => (event.type === 'step-ended' ? [event.state] : []));

    const name = (): string => `${registry.host}/team/cache-${randomBytes(4).toString('hex')}:1`;

    it(
      'saves another machine every step, those of all stages',
      async () => {
        const reference = name();
        const made = await build(first, { cacheTo: [{ type: 'registry', reference }] });
        expect(made.error).toBeNull();
        const taken = await build(second, { cacheFrom: [{ type: 'registry', reference }] });
        expect(taken.error).toBeNull();
        expect(new Set(states(taken))).toEqual(new Set(['cached']));
        expect(taken.result?.imageId).toBe(made.result?.imageId);
        expect(taken.result?.manifestDigest).toBe(made.result?.manifestDigest);
        // And from then on without the registry.
        expect(new Set(states(await build(second, {})))).toEqual(new Set(['cached']));
      },
      patience,
    );

    it(
      'saves it all the same from a folder, and a damaged one is told of',
      async () => {
        await using folder = await ContextFolder.create();
        const path = join(folder.path, 'cache');
        const salt = randomBytes(8).toString('hex');
        const dockerfileText = `${DOCKERFILE}RUN echo ${salt} > /salt\n`;
        const made = await build(first, { dockerfileText, cacheTo: [{ type: 'local', path }] });
        expect(made.error).toBeNull();
        const cacheFrom = [{ type: 'local', path } as const];
        const taken = await build(second, { dockerfileText, cacheFrom });
        expect(taken.error).toBeNull();
        expect(new Set(states(taken))).toEqual(new Set(['cached']));
        expect(taken.result?.imageId).toBe(made.result?.imageId);

        const blobs = join(path, 'blobs/sha256');
        for (const blob of await readdir(blobs)) await writeFile(join(blobs, blob), 'damaged');
        const again = await build(second, { dockerfileText, cacheFrom });
        expect(again.error).toBeNull();
        const said = again.events.flatMap((event) => (event.type === 'output' ? [event.message] : []));
        expect(said).toContainEqual(expect.stringContaining(`no cache from ${path}`));
      },
      patience,
    );

    it(
      'comes along in an image: the steps of its own layers',
      async () => {
        const reference = name();
        const dockerfileText =
          'FROM busybox\nWORKDIR /one\nCOPY file .\nRUN head -c 16 /dev/urandom > /made\n';
        const cacheTo = [{ type: 'inline' } as const];
        const made = await build(first, { dockerfileText, tags: [reference], push: true, cacheTo });
        expect(made.error).toBeNull();
        const cacheFrom = [{ type: 'inline', reference } as const];
        const taken = await build(second, { dockerfileText, cacheFrom, cacheTo });
        expect(taken.error).toBeNull();
        expect(new Set(states(taken))).toEqual(new Set(['cached']));
        expect(taken.result?.imageId).toBe(made.result?.imageId);
      },
      patience,
    );

    it(
      'that is not there, or is none, is told of, and the build goes on',
      async () => {
        const reference = name();
        const { error, events } = await build(first, { cacheFrom: [{ type: 'registry', reference }] });
        expect(error).toBeNull();
        const said = events.flatMap((event) => (event.type === 'output' ? [event.message] : []));
        expect(said).toContainEqual(expect.stringContaining(`no cache from ${reference}`));
      },
      patience,
    );

    it(
      'is left alone where the build is not to use any',
      async () => {
        const reference = name();
        await build(first, { cacheTo: [{ type: 'registry', reference }] });
        const fresh = await build(first, { noCache: true, cacheFrom: [{ type: 'registry', reference }] });
        expect(states(fresh)).toContain('done');
      },
      patience,
    );
  },
  ['docker-registry'],
);
