import type { ContainerProcess } from '../../types/index.ts';
import { DockerError } from '../server/failure.ts';

const NS_PER_SECOND = 1e9;
const KIB = 1024;
const DAY_MS = 86_400_000;

interface Column {
  readonly title: string;
  readonly value: (process: ContainerProcess, now: number) => string;
}

const column = (title: string, value: Column['value']): Column => ({ title, value });

const owner = ({ uid }: ContainerProcess): string => (uid === 0 ? 'root' : String(uid));
const command = ({ args, name }: ContainerProcess): string =>
  args.length === 0 ? `[${name}]` : args.join(' ');

/** By ps's names (ps(1)). */
const COLUMNS: Readonly<Record<string, Column>> = {
  uid: column('UID', owner),
  user: column('USER', owner),
  gid: column('GID', ({ gid }) => String(gid)),
  pid: column('PID', ({ pid }) => String(pid)),
  ppid: column('PPID', ({ parentPid }) => String(parentPid)),
  c: column('C', (process, now) => String(Math.round(cpuPercent(process, now)))),
  pcpu: column('%CPU', (process, now) => cpuPercent(process, now).toFixed(1)),
  stime: column('STIME', startWords),
  start: column('START', startWords),
  tty: column('TTY', ({ tty }) => tty ?? '?'),
  stat: column('STAT', ({ state }) => state),
  time: column('TIME', ({ cpuNs }) => clockWords(Math.floor(cpuNs / NS_PER_SECOND))),
  vsz: column('VSZ', ({ virtualBytes }) => String(Math.round(virtualBytes / KIB))),
  rss: column('RSS', ({ residentBytes }) => String(Math.round(residentBytes / KIB))),
  nlwp: column('NLWP', ({ threads }) => String(threads)),
  comm: column('COMMAND', ({ name }) => name),
  cmd: column('CMD', command),
  args: column('COMMAND', command),
};

const SAME: Readonly<Record<string, string>> = {
  '%cpu': 'pcpu',
  command: 'args',
  euid: 'uid',
  euser: 'user',
  s: 'stat',
  state: 'stat',
  tt: 'tty',
  tname: 'tty',
  ucmd: 'comm',
  vsize: 'vsz',
};

const FULL = ['uid', 'pid', 'ppid', 'c', 'stime', 'tty', 'time', 'cmd'];
const USER = ['user', 'pid', 'pcpu', 'vsz', 'rss', 'tty', 'stat', 'start', 'time', 'args'];

/** What ps prints with these options, as docker's `top` answers. */
export function processTable(
  processes: readonly ContainerProcess[],
  options: string,
  now = Date.now(),
): object {
  const columns = columnNames(options).map((name) => findColumn(name));
  return {
    Titles: columns.map(({ title }) => title),
    Processes: processes.map((process) => columns.map(({ value }) => value(process, now))),
  };
}

function columnNames(options: string): readonly string[] {
  const words = options.trim();
  if (words === '' || /^-[eAf]+$/.test(words)) return FULL;
  if (/^-?aux$/.test(words)) return USER;
  const listed = /^(?:-[eA] ?)?(?:-?o|--format)[ =]?([\w%, ]+)$/.exec(words)?.[1];
  if (listed !== undefined) return listed.toLowerCase().split(/[ ,]+/);
  throw new DockerError(
    400,
    `the ps options "${words.slice(0, 100)}" are not known: use -ef, aux, or -o with columns`,
  );
}

function findColumn(name: string): Column {
  const found = Object.hasOwn(SAME, name) ? SAME[name] : name;
  const column = Object.hasOwn(COLUMNS, found ?? '') ? COLUMNS[found ?? ''] : undefined;
  if (column !== undefined) return column;
  throw new DockerError(400, `error: unknown user-defined format specifier "${name.slice(0, 64)}"`);
}

/** Of one processor over its whole life, as ps counts it. */
function cpuPercent({ cpuNs, startedAt }: ContainerProcess, now: number): number {
  const aliveMs = now - Date.parse(startedAt);
  return aliveMs <= 0 ? 0 : (cpuNs / 1e6 / aliveMs) * 100;
}

/** The time of today, else the day. */
function startWords({ startedAt }: ContainerProcess, now: number): string {
  const started = new Date(startedAt);
  if (now - started.getTime() < DAY_MS) {
    return started.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  }
  return started.toLocaleDateString('en-US', { month: 'short', day: '2-digit' }).replace(' ', '');
}

function clockWords(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
