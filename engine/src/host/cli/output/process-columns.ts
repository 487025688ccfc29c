import { EngineError } from '../../../errors/index.ts';
import type { ContainerProcess } from '../../../types/index.ts';
import type { Columns } from './template.ts';

const NS_PER_SECOND = 1_000_000_000;
const KIB = 1024;
const DAY_MS = 86_400_000;

/** ps's own sets of columns (ps(1)). */
const FULL = ['uid', 'pid', 'ppid', 'c', 'stime', 'tty', 'time', 'cmd'];
const USER = ['user', 'pid', 'pcpu', 'vsz', 'rss', 'tty', 'stat', 'start', 'time', 'command'];

/** ps's names for its columns (ps(1)) that say the same. */
const SAME: Readonly<Record<string, string>> = {
  args: 'cmd',
  command: 'cmd',
  cputime: 'time',
  euid: 'uid',
  nlwp: 'thcount',
  s: 'stat',
  start: 'stime',
  state: 'stat',
  tname: 'tty',
  tt: 'tty',
  ucmd: 'comm',
  user: 'uid',
  vsize: 'vsz',
};

/** The columns that ps prints for these options of its. Others, such as sorting, are refused. */
export function processFormat(options: readonly string[]): string {
  const names = columnNames(options).map((name) => (Object.hasOwn(SAME, name) ? SAME[name] : name));
  return `table ${names.map((name) => `{{.${name ?? ''}}}`).join('\t')}`;
}

function columnNames(options: readonly string[]): readonly string[] {
  const words = options.join(' ').trim();
  if (words === '' || /^-[eAf]+$/.test(words)) return FULL;
  if (/^-?aux$/.test(words)) return USER;
  const listed = /^(?:-[eA] ?)?(?:-?o|--format)[ =]?([\w, ]+)$/.exec(words)?.[1];
  if (listed !== undefined) return listed.toLowerCase().split(/[ ,]+/);
  throw new EngineError('invalid-argument', `The ps options "${words}" are not known here.`, {
    hint: 'Known are -ef, aux and -o with a list of columns, such as -o pid,ppid,cmd.',
  });
}

export function processColumns(now: Date): Columns<ContainerProcess> {
  const plain = (heading: string, value: (process: ContainerProcess) => string) => ({ heading, value });
  return {
    uid: plain('UID', ({ uid }) => (uid === 0 ? 'root' : String(uid))),
    gid: plain('GID', ({ gid }) => String(gid)),
    pid: plain('PID', ({ pid }) => String(pid)),
    ppid: plain('PPID', ({ parentPid }) => String(parentPid)),
    pidns: plain('PID INSIDE', ({ pidInside }) => String(pidInside)),
    c: plain('C', (process) => String(Math.round(cpuPercent(process, now)))),
    pcpu: plain('%CPU', (process) => cpuPercent(process, now).toFixed(1)),
    stime: plain('STIME', ({ startedAt }) => startWords(new Date(startedAt), now)),
    tty: plain('TTY', ({ tty }) => tty ?? '?'),
    stat: plain('STAT', ({ state }) => state),
    time: plain('TIME', ({ cpuNs }) => clockWords(Math.floor(cpuNs / NS_PER_SECOND))),
    vsz: plain('VSZ', ({ virtualBytes }) => String(Math.round(virtualBytes / KIB))),
    rss: plain('RSS', ({ residentBytes }) => String(Math.round(residentBytes / KIB))),
    thcount: plain('NLWP', ({ threads }) => String(threads)),
    comm: plain('COMMAND', ({ name }) => name),
    cmd: plain('CMD', ({ args, name }) => (args.length === 0 ? `[${name}]` : args.join(' '))),
  };
}

/** Of one processor over its whole life, as ps counts it. */
function cpuPercent({ cpuNs, startedAt }: ContainerProcess, now: Date): number {
  const aliveMs = now.getTime() - Date.parse(startedAt);
  return aliveMs <= 0 ? 0 : (cpuNs / 1_000_000 / aliveMs) * 100;
}

/** ps's STIME: the time of today, else the day. */
function startWords(started: Date, now: Date): string {
  if (now.getTime() - started.getTime() < DAY_MS) {
    return started.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  }
  return started.toLocaleDateString('en-US', { month: 'short', day: '2-digit' }).replace(' ', '');
}

function clockWords(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
