import type { TourEngine } from './tour-engine.ts';

/** What an answer is made of: `.State.Pid` is a number. Of a list, its members together. */
export type FieldSet = ReadonlyMap<string, ReadonlySet<string>>;

const CURL = 'curl -s --unix-socket "${DOCKER_HOST#unix://}"';

/** Something of every kind. */
const PREPARATION = [
  `docker import -c 'CMD ["sh"]' -c 'ENV PATH=/bin' -c 'EXPOSE 80' busybox.tar busybox`,
  'docker network create --subnet 10.78.0.0/24 --gateway 10.78.0.1 --label depth=1 fields',
  'docker volume create --label depth=1 fields',
  `docker run -d --name fields --network fields --ip 10.78.0.9 --network-alias field -p 8081:80 -v fields:/v \
    -v $PWD/cargo:/c:ro --tmpfs /t --health-cmd true -l a=b -e A=B --ulimit nofile=99:99 --device /dev/null:/dev/n \
    --add-host h:1.2.3.4 --init -m 64m --restart on-failure:2 busybox sleep 1000`,
  'docker exec fields touch /x',
];

/** What is asked, of the version that both know. */
const QUESTIONS: readonly (readonly [name: string, path: string])[] = [
  ['version', 'version'],
  ['info', 'info'],
  ['containers', 'containers/json?all=1&size=1'],
  ['container', 'containers/fields/json?size=1'],
  ['stats', 'containers/fields/stats?stream=false'],
  ['top', 'containers/fields/top'],
  ['changes', 'containers/fields/changes'],
  ['images', 'images/json'],
  ['image', 'images/busybox/json'],
  ['history', 'images/busybox/history'],
  ['networks', 'networks'],
  ['network', 'networks/fields'],
  ['volumes', 'volumes'],
  ['volume', 'volumes/fields'],
  ['disk usage', 'system/df'],
  ['events', 'events?since=1&until=$(date +%s)&filters=%7B%22container%22%3A%5B%22fields%22%5D%7D'],
];

/** The answers of an engine, taken apart. */
export async function fieldSets(engine: TourEngine): Promise<ReadonlyMap<string, FieldSet>> {
  for (const line of PREPARATION) {
    const { code, stderr } = await engine.take({ line });
    if (code !== 0) throw new Error(`${line}: ${stderr}`);
  }
  const sets = new Map<string, FieldSet>();
  for (const [name, path] of QUESTIONS) {
    sets.set(name, await fieldsOf(engine, `${CURL} "http://docker/v1.41/${path}"`));
  }
  const exec = `${CURL} -X POST -H 'Content-Type: application/json' -d '{"Cmd":["true"]}' http://docker/v1.41/containers/fields/exec`;
  sets.set('exec', await fieldsOf(engine, `${CURL} http://docker/v1.41/exec/$(${exec} | jq -r .Id)/json`));
  return sets;
}

async function fieldsOf(engine: TourEngine, line: string): Promise<FieldSet> {
  const { stdout } = await engine.take({ line: `${line} | jq -s .` });
  const fields = new Map<string, Set<string>>();
  collect(JSON.parse(stdout), '', fields);
  return fields;
}

/** Keys that are names of things, not of fields. */
const NAMES = /^[0-9a-f]{64}$|^\/|^\d+\/tcp$|^\d{1,3}(\.\d{1,3}){3}/;

function collect(value: unknown, path: string, into: Map<string, Set<string>>): void {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  into.set(path, (into.get(path) ?? new Set()).add(kind));
  if (Array.isArray(value)) for (const member of value) collect(member, `${path}[]`, into);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      collect(member, `${path}.${NAMES.test(key) ? '*' : key}`, into);
    }
  }
}

/** Lines that say which fields are missing, are more, or are of another kind. */
export function fieldDifferences(name: string, ours: FieldSet, theirs: FieldSet): readonly string[] {
  const paths = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return paths.flatMap((path) => {
    const [here, there] = [kinds(ours.get(path)), kinds(theirs.get(path))];
    // What is below a missing field is missing with it.
    const parent = path.replace(/(\.[^.[]*|\[\])$/, '');
    if (here === there || (path !== '' && !(ours.has(parent) && theirs.has(parent)))) return [];
    return [`${name}${path}: ${here} here, ${there} there`];
  });
}

function kinds(set: ReadonlySet<string> | undefined): string {
  return set === undefined ? 'nothing' : [...set].sort().join(' or ');
}
