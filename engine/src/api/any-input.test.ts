import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DockerError } from './server/failure.ts';
import { parseFilters } from './server/filters.ts';
import { parseMoment, Query } from './server/query.ts';
import { splitVersion } from './server/versions.ts';
import { buildSettings } from './wire/build-request.ts';
import { containerFilters } from './wire/container-filters.ts';
import { containerRequest } from './wire/container-create.ts';
import { createBody } from './wire/container-settings.ts';
import { createNetworkBody, networkRequest } from './wire/network.ts';
import { platformOf } from './wire/platform.ts';
import { pruneFilters, PRUNE_FILTERS } from './wire/prune-filters.ts';
import { registryConfig, registryCredentials } from './wire/registry-auth.ts';
import { resourcesRequest, updateBody } from './wire/resources-request.ts';

/**
 * Whatever a client sends is understood or refused with a 4xx (or 501); anything else thrown is a bug. How many inputs
 * each decoder gets: LONGSHORE_FUZZ_RUNS.
 */
const RUNS = Number(process.env['LONGSHORE_FUZZ_RUNS'] ?? 100);
const TIMEOUT_MS = 60_000 + RUNS * 50;

function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (thrown) {
    if (!(thrown instanceof DockerError)) throw thrown;
    expect(thrown.status === 501 || (thrown.status >= 400 && thrown.status < 500)).toBe(true);
    expect(thrown.message).not.toBe('');
    // A refusal does not send back megabytes of what it refuses.
    expect(thrown.message.length).toBeLessThan(1500);
    return undefined;
  }
}

const anything = fc.jsonValue({ maxDepth: 4 });

/** A document whose fields have the names that are looked for, with any values, the right ones among them. */
function documentOf(names: readonly string[]): fc.Arbitrary<unknown> {
  const value = fc.oneof(
    anything,
    fc.string(),
    fc.array(fc.string()),
    fc.dictionary(fc.string(), fc.string()),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  return fc.dictionary(fc.constantFrom(...names), value);
}

const HOST_FIELDS = [
  'Binds',
  'PortBindings',
  'Memory',
  'Mounts',
  'RestartPolicy',
  'NetworkMode',
  'Ulimits',
  'Tmpfs',
];
const MORE_HOST_FIELDS = [
  'Devices',
  'ExtraHosts',
  'SecurityOpt',
  'Links',
  'LogConfig',
  'Sysctls',
  'VolumesFrom',
];
const CONTAINER_FIELDS = [
  'Image',
  'Cmd',
  'Entrypoint',
  'Env',
  'Labels',
  'ExposedPorts',
  'Volumes',
  'Healthcheck',
];

/** Texts of the small languages in fields: ports, mounts, hosts. */
const term = fc.oneof(
  fc.string(),
  fc.stringMatching(/^[0-9:/.,=a-z-]{0,40}$/),
  fc.constantFrom(
    '80/tcp',
    '1-70000:80',
    '/a:/b:ro,z',
    'container:',
    'host',
    'nofile=1:2',
    '::',
    'a:b:c:d:e',
  ),
);

/** Well-typed settings with any text in them, so that what reads the texts is reached. */
const wellTyped = fc.record(
  {
    Binds: fc.array(term),
    PortBindings: fc.dictionary(term, fc.array(fc.record({ HostIp: term, HostPort: term }))),
    NetworkMode: term,
    ExtraHosts: fc.array(term),
    SecurityOpt: fc.array(term),
    Links: fc.array(term),
    VolumesFrom: fc.array(term),
    Tmpfs: fc.dictionary(term, term),
    IpcMode: term,
    PidMode: term,
    UsernsMode: term,
    Memory: fc.integer(),
    RestartPolicy: fc.record({ Name: term, MaximumRetryCount: fc.integer() }),
  },
  { requiredKeys: [] },
);

const containerDocument = fc.oneof(
  documentOf(CONTAINER_FIELDS),
  fc.record({
    Image: fc.string(),
    HostConfig: fc.oneof(wellTyped, documentOf([...HOST_FIELDS, ...MORE_HOST_FIELDS])),
  }),
  fc.record({
    Image: fc.constant('busybox'),
    ExposedPorts: fc.dictionary(term, fc.constant({})),
    HostConfig: wellTyped,
  }),
);

function holds<T>(input: fc.Arbitrary<T>, read: (value: T) => unknown): void {
  fc.assert(
    fc.property(input, (value) => {
      decoded(() => read(value));
    }),
    { numRuns: RUNS },
  );
}

describe('any document', { timeout: TIMEOUT_MS }, () => {
  it('of a container is understood or refused', () => {
    holds(containerDocument, (document) => {
      const { success, data } = createBody.safeParse(document);
      return success ? containerRequest(data, { name: undefined, version: 51 }) : undefined;
    });
  });

  it('of limits is understood or refused', () => {
    const names = ['Memory', 'NanoCpus', 'BlkioDeviceReadBps', 'RestartPolicy', 'PidsLimit', 'CpusetCpus'];
    holds(documentOf(names), (document) => {
      const { success, data } = updateBody.safeParse(document);
      return success ? resourcesRequest(data) : undefined;
    });
  });

  it('of a network is understood or refused', () => {
    holds(
      documentOf(['Name', 'Driver', 'IPAM', 'Options', 'Labels', 'Internal', 'EnableIPv6']),
      (document) => {
        const { success, data } = createNetworkBody.safeParse(document);
        return success ? networkRequest(data) : undefined;
      },
    );
  });
});

describe('any filters', { timeout: TIMEOUT_MS }, () => {
  const known = [...new Set([...containerFilters.known, ...PRUNE_FILTERS])];
  const filters = fc.oneof(
    anything,
    fc.dictionary(
      fc.constantFrom(...known, '__proto__', 'constructor'),
      fc.oneof(anything, fc.array(fc.string())),
    ),
    fc.dictionary(fc.constantFrom(...known), fc.dictionary(fc.string(), fc.boolean())),
  );

  it('are understood or refused', () => {
    holds(filters, (value) => {
      const parsed = parseFilters(JSON.stringify(value), known);
      return [containerFilters.parse(parsed), pruneFilters(parsed)];
    });
  });

  it('are understood in both forms as the same', () => {
    const lists = fc.dictionary(fc.constantFrom(...known), fc.uniqueArray(fc.string()));
    fc.assert(
      fc.property(lists, (given) => {
        const older = Object.fromEntries(
          Object.entries(given).map(([name, values]) => [
            name,
            Object.fromEntries(values.map((value) => [value, true])),
          ]),
        );
        const read = (text: string) => known.map((name) => parseFilters(text, known).get(name)?.sort());
        expect(read(JSON.stringify(older))).toEqual(read(JSON.stringify(given)));
      }),
      { numRuns: RUNS },
    );
  });

  it('that are no JSON are refused', () => {
    holds(fc.string(), (text) => parseFilters(text, known));
  });
});

describe('any text', { timeout: TIMEOUT_MS }, () => {
  const query = (name: string, text: string): Query => new Query(new URLSearchParams([[name, text]]));

  it.each<readonly [string, (text: string) => unknown]>([
    ['as a moment', (text) => parseMoment(text, 'since')],
    ['as a whole number', (text) => query('t', text).integer('t')],
    ['as a platform', (text) => platformOf(text)],
    ['as a sign-in', (text) => registryCredentials(text)],
    ['as sign-ins', (text) => registryConfig(text)],
    ['as a path with a version', (text) => splitVersion(`/v${text}/info`)],
    ['as a number with a version', (text) => splitVersion(`/v${text.replace(/[^0-9.]/g, '')}/info`)],
  ])('is understood or refused %s', (_name, read) => {
    holds(fc.oneof(fc.string(), term, fc.stringMatching(/^-?[0-9.hmsµTZ:+-]{0,30}$/)), read);
  });

  it.each([
    'buildargs',
    'labels',
    'ulimits',
    'cachefrom',
    'outputs',
    'networkmode',
    'shmsize',
    'memory',
    'platform',
  ])('is understood or refused as the parameter %s of a build', (name) => {
    const values = fc.oneof(
      fc.string(),
      anything.map((value) => JSON.stringify(value)),
    );
    holds(values, (text) => buildSettings(query(name, text), undefined));
  });

  it('in base64 is understood or refused as sign-ins', () => {
    const encoded = anything.map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'));
    holds(encoded, (text) => [registryConfig(text), registryCredentials(text)]);
  });
});
