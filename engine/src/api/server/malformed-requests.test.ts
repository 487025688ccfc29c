import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiBench, type RawAnswer, requestText } from '../../testing/api/index.ts';

/** What is not a request of a client that knows the API is refused in Docker's form, and changes nothing. */

const JSON_BODY = ['Content-Type: application/json'];
const MEBIBYTE = 1024 * 1024;

function posted(path: string, body: string): string {
  return requestText(`POST ${path}`, { headers: JSON_BODY, body });
}

function created(body: string): string {
  return posted('/containers/create', body);
}

function withHost(settings: string): string {
  return created(`{"Image":"busybox","HostConfig":{${settings}}}`);
}

function filtered(path: string, filters: string): string {
  return requestText(`GET ${path}?filters=${encodeURIComponent(filters)}`);
}

/** A head of these lines, and what follows it. */
function raw(lines: readonly string[], rest = ''): string {
  return `${lines.join('\r\n')}\r\n\r\n${rest}`;
}

type Row = readonly [name: string, request: string, status: number, message: RegExp];

const DOCUMENTS: readonly Row[] = [
  ['JSON that breaks off', created('{"Image":'), 400, /invalid JSON/],
  ['a list in place of an object', created('[]'), 400, /invalid JSON/],
  ['a number in place of an object', created('7'), 400, /invalid JSON/],
  ['two documents', created('{}{}'), 400, /invalid JSON/],
  ['deep nesting', created('['.repeat(200_000)), 400, /invalid JSON/],
  ['a name that is a number', created('{"Image":7}'), 400, /invalid JSON: Image/],
  ['a list of numbers for words', created('{"Image":"busybox","Cmd":[1,2]}'), 400, /invalid JSON: Cmd/],
  ['a map for a list', created('{"Image":"busybox","Env":{"A":"b"}}'), 400, /invalid JSON: Env/],
  ['a text for a number', withHost('"Memory":"lots"'), 400, /invalid JSON: HostConfig.Memory/],
  ['half a byte', withHost('"Memory":1.5'), 400, /invalid JSON: HostConfig.Memory/],
  ['not a number', withHost('"Memory":NaN'), 400, /invalid JSON/],
  ['a number beyond all', withHost('"Memory":1e400'), 400, /invalid JSON: HostConfig.Memory/],
  ['negative memory', withHost('"Memory":-5'), 400, /./],
  ['negative processors', withHost('"NanoCpus":-1'), 400, /./],
  ['an unknown restart policy', withHost('"RestartPolicy":{"Name":"sometimes"}'), 400, /restart policy/],
  ['a port that is none', withHost('"PortBindings":{"99999/tcp":[{"HostPort":"1"}]}'), 400, /port/i],
  ['a mount on nothing', withHost('"Binds":["/tmp"," "]'), 400, /./],
  ['a mount above the root', withHost('"Binds":["/tmp:../etc"]'), 400, /./],
  ['no content type', requestText('POST /containers/create', { body: '{}' }), 400, /Content-Type/],
  [
    'a form',
    requestText('POST /containers/create', { headers: ['Content-Type: text/plain'], body: '{}' }),
    400,
    /must be 'application\/json'/,
  ],
  ['an exec of no JSON', posted('/containers/x/exec', '{'), 400, /invalid JSON/],
  ['a network of a number', posted('/networks/create', '{"Name":4}'), 400, /invalid JSON: Name/],
  ['a volume of a list', posted('/volumes/create', '{"Labels":["a"]}'), 400, /invalid JSON: Labels/],
];

const NAMES: readonly Row[] = [
  [
    'a name that climbs',
    posted('/containers/create?name=../../etc', '{"Image":"busybox"}'),
    400,
    /Invalid container name/,
  ],
  [
    'a name with a blank',
    posted('/containers/create?name=a%20b', '{"Image":"busybox"}'),
    400,
    /Invalid container name/,
  ],
  [
    'a name of one dash',
    posted('/containers/create?name=-', '{"Image":"busybox"}'),
    400,
    /Invalid container name/,
  ],
  ['a volume that climbs', posted('/volumes/create', '{"Name":"../x"}'), 400, /./],
  ['a network with a slash', posted('/networks/create', '{"Name":"a/b"}'), 400, /./],
  ['an id that climbs', requestText('GET /containers/..%2f..%2fetc%2fpasswd/json'), 404, /No such container/],
  ['an id that climbs unescaped', requestText('GET /containers/../../etc/passwd/json'), 404, /./],
  ['an id with a zero', requestText('GET /containers/a%00b/json'), 400, /invalid path/],
  ['an escape that is none', requestText('GET /containers/%zz/json'), 400, /invalid path/],
  ['bytes that are no UTF-8', requestText('GET /containers/%ff%fe/json'), 400, /invalid path/],
  [
    'a name of 100 kB',
    requestText(`GET /containers/${'a'.repeat(100_000)}/json`),
    400,
    /is too long|too big|at most|invalid/i,
  ],
  ['an unknown path', requestText('GET /nowhere'), 404, /page not found/],
  ['a method that a path has not', requestText('PUT /containers/json'), 404, /page not found/],
];

const PARAMETERS: readonly Row[] = [
  ['a version too new', requestText('GET /v1.99/info'), 400, /client version 1\.99 is too new\. Maximum/],
  ['a version too old', requestText('GET /v1.10/info'), 400, /client version 1\.10 is too old\. Minimum/],
  ['another major version', requestText('GET /v2.0/info'), 400, /too new/],
  ['a version that is none', requestText('GET /v1..4/info'), 400, /invalid API version/],
  ['a version of no digits', requestText('GET /vX/info'), 404, /page not found/],
  [
    'a filter that nobody knows',
    filtered('/containers/json', '{"colour":["red"]}'),
    400,
    /invalid filter 'colour'/,
  ],
  ['a filter of prototypes', filtered('/containers/json', '{"__proto__":{"a":true}}'), 400, /invalid filter/],
  ['filters that are no JSON', filtered('/containers/json', '{'), 400, /invalid filter/],
  ['filters that are a list', filtered('/images/json', '["a"]'), 400, /invalid filter/],
  ['a filter that is a text', filtered('/containers/json', '{"status":"running"}'), 400, /invalid filter/],
  ['a filter of numbers', filtered('/containers/json', '{"status":[1]}'), 400, /invalid filter/],
  [
    'a status that is none',
    filtered('/containers/json', '{"status":["asleep"]}'),
    400,
    /invalid filter 'status=asleep'/,
  ],
  [
    'an exit code that is none',
    filtered('/containers/json', '{"exited":["NaN"]}'),
    400,
    /invalid filter 'exited=NaN'/,
  ],
  ['a limit that is no number', requestText('GET /containers/json?limit=NaN'), 400, /limit/],
  ['a limit with a fraction', requestText('GET /containers/json?limit=1.5'), 400, /limit/],
  ['a limit beyond all', requestText(`GET /containers/json?limit=${'9'.repeat(40)}`), 400, /limit/],
  ['a moment that is none', requestText('GET /events?since=yesterday'), 400, /since/],
  [
    'build arguments that are no JSON',
    requestText('POST /build?buildargs=%7B', { body: '' }),
    400,
    /buildargs/,
  ],
  ['labels that are a list', requestText('POST /build?labels=[]', { body: '' }), 400, /labels/],
  ['squash', requestText('POST /build?squash=1', { body: '' }), 400, /squash/],
  ['a platform of one word', requestText('POST /build?platform=arm', { body: '' }), 400, /invalid platform/],
  [
    'sign-ins that are no JSON',
    requestText('POST /images/create?fromImage=a', { headers: ['X-Registry-Auth: %%%'] }),
    400,
    /invalid X-Registry-Auth/,
  ],
  ['a session', requestText('POST /session', { body: '' }), 501, /DOCKER_BUILDKIT=0/],
];

const HTTP: readonly Row[] = [
  ['no HTTP', raw(['hello']), 400, /malformed/],
  ['no host', raw(['GET /_ping HTTP/1.1', 'Connection: close']), 400, /./],
  [
    'both a length and chunks',
    raw(
      [
        'POST /containers/create HTTP/1.1',
        'Host: d',
        ...JSON_BODY,
        'Content-Length: 4',
        'Transfer-Encoding: chunked',
      ],
      '0\r\n\r\nGET /info HTTP/1.1\r\n\r\n',
    ),
    400,
    /malformed/,
  ],
  [
    'two lengths',
    raw(
      [
        'POST /containers/create HTTP/1.1',
        'Host: d',
        ...JSON_BODY,
        'Content-Length: 2',
        'Content-Length: 40',
      ],
      '{}',
    ),
    400,
    /malformed/,
  ],
  [
    'a length that is none',
    raw(['POST /auth HTTP/1.1', 'Host: d', 'Content-Length: -2'], '{}'),
    400,
    /malformed/,
  ],
  [
    'a chunk that is none',
    raw(['POST /auth HTTP/1.1', 'Host: d', ...JSON_BODY, 'Transfer-Encoding: chunked'], 'zz\r\n{}\r\n'),
    400,
    /./,
  ],
  ['a blank before the colon', raw(['GET /_ping HTTP/1.1', 'Host : d']), 400, /malformed/],
  [
    'a bare line feed in a header',
    raw(['GET /_ping HTTP/1.1', 'Host: d', 'X: a\nY: b\u0001']),
    400,
    /malformed/,
  ],
  [
    'a head without end',
    raw(['GET /_ping HTTP/1.1', 'Host: d', `X-Long: ${'a'.repeat(200_000)}`]),
    431,
    /too large/,
  ],
  [
    'a length of 9 MiB',
    raw(['POST /containers/create HTTP/1.1', 'Host: d', ...JSON_BODY, `Content-Length: ${9 * MEBIBYTE}`]),
    413,
    /too large/,
  ],
  [
    'chunks of 9 MiB',
    raw(
      ['POST /containers/create HTTP/1.1', 'Host: d', ...JSON_BODY, 'Transfer-Encoding: chunked'],
      `${(9 * MEBIBYTE).toString(16)}\r\n${' '.repeat(9 * MEBIBYTE)}\r\n`,
    ),
    413,
    /too large/,
  ],
  [
    'an upgrade in chunks',
    raw(
      [
        'POST /exec/abc/start HTTP/1.1',
        'Host: d',
        ...JSON_BODY,
        'Connection: Upgrade',
        'Upgrade: tcp',
        'Transfer-Encoding: chunked',
      ],
      '0\r\n\r\n',
    ),
    411,
    /Content-Length/,
  ],
  [
    'an upgrade of 2 MiB',
    raw([
      'POST /exec/abc/start HTTP/1.1',
      'Host: d',
      ...JSON_BODY,
      'Connection: Upgrade',
      'Upgrade: tcp',
      `Content-Length: ${2 * MEBIBYTE}`,
    ]),
    413,
    /too large/,
  ],
  [
    'a page of a browser',
    requestText('GET /info', { headers: ['Origin: https://example.com'] }),
    403,
    /web pages/,
  ],
  [
    'a page under a name of this machine',
    requestText('POST /containers/prune', { headers: ['Origin: http://localhost'] }),
    403,
    /web pages/,
  ],
  [
    'a page that hides its origin',
    requestText('GET /info', { headers: ['Sec-Fetch-Site: cross-site'] }),
    403,
    /web pages/,
  ],
  [
    'what a browser asks before',
    requestText('OPTIONS /containers/create', { headers: ['Origin: null'] }),
    403,
    /web pages/,
  ],
];

let api: ApiBench;

beforeEach(async () => {
  api = await ApiBench.open({ unwantedBodyMs: 500 });
});

afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

/** `{"message": "..."}`, as all of Docker's refusals. */
function messageOf({ headers, body }: RawAnswer): string {
  expect(headers.get('content-type')).toBe('application/json');
  const answer = JSON.parse(body) as { readonly message?: unknown };
  expect(Object.keys(answer)).toEqual(['message']);
  return String(answer.message);
}

describe.each([
  ['documents', DOCUMENTS],
  ['names', NAMES],
  ['parameters', PARAMETERS],
  ['HTTP', HTTP],
])('refused, for its %s:', (_kind, rows) => {
  it.each(rows)('%s', async (_name, request, status, message) => {
    const before = await api.contents();
    const answer = await api.exchange(request);
    expect(answer.status).toBe(status);
    expect(messageOf(answer)).toMatch(message);
    expect(await api.contents()).toBe(before);
    expect(api.bugs).toEqual([]);
  });
});

describe('a client that is slow', () => {
  beforeEach(async () => {
    await api[Symbol.asyncDispose]();
    api = await ApiBench.open({ headDeadlineMs: 200 });
  });

  it('in its head is sent away', async () => {
    const answer = await api.exchange('GET /_ping HTTP/1.1\r\nHost: d\r\nX-Slow:');
    expect(answer.status).toBe(408);
    expect(messageOf(answer)).toMatch(/in time/);
  });

  it('keeps nobody else from being served', async () => {
    const slow = api.exchange('GET /_ping HTTP/1.1\r\n');
    expect((await api.exchange(requestText('GET /_ping'))).body).toBe('OK');
    await slow;
  });
});

it('what stands behind a request without a length is another request, not its body', async () => {
  const answer = await api.exchange(
    raw(['GET /_ping HTTP/1.1', 'Host: d'], requestText('GET /containers/json')),
  );
  expect(answer.body).toMatch(/^OKHTTP\/1\.1 200 OK[^]*\[\]\n$/);
});
