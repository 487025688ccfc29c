/** Linux signal numbers (signal(7), x86 and arm). Containers are Linux wherever the engine runs. */
const NUMBERS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  IOT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  STKFLT: 16,
  CHLD: 17,
  CLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  IO: 29,
  POLL: 29,
  PWR: 30,
  SYS: 31,
};

/** As glibc has them: the kernel's first two real-time signals belong to the thread library. */
const RTMIN = 34;
const RTMAX = 64;

const NAMES = new Map<number, string>();
for (const [name, number] of Object.entries(NUMBERS)) {
  if (!NAMES.has(number)) NAMES.set(number, name);
}

/** `TERM`, `SIGTERM`, `sigterm`, `15`, `RTMIN+3`, `RTMAX-1`; null for anything else. */
export function signalNumber(signal: string): number | null {
  const word = signal.toUpperCase().replace(/^SIG/, '');
  const known = Object.hasOwn(NUMBERS, word) ? NUMBERS[word] : undefined;
  if (known !== undefined) return known;
  return bounded(/^\d{1,2}$/.test(signal) ? Number(signal) : realTimeNumber(word));
}

/** Without prefix; a number that has no name of its own is relative to `RTMIN` or said as it is. */
export function signalName(number: number): string {
  const name = NAMES.get(number);
  if (name !== undefined) return name;
  if (number < RTMIN || number > RTMAX) return String(number);
  return number === RTMIN ? 'RTMIN' : `RTMIN+${number - RTMIN}`;
}

function realTimeNumber(word: string): number {
  const match = /^(RTMIN|RTMAX)(?:([+-])(\d{1,2}))?$/.exec(word);
  if (match === null) return 0;
  const offset = Number(match[3] ?? 0) * (match[2] === '-' ? -1 : 1);
  const number = (match[1] === 'RTMIN' ? RTMIN : RTMAX) + offset;
  return number >= RTMIN ? number : 0;
}

function bounded(number: number): number | null {
  return number >= 1 && number <= RTMAX ? number : null;
}
