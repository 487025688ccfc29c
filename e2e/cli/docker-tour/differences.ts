import type { Outcome, Step } from './tour.ts';

/** What is never the same twice, or on two engines. */
const CHANGING: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/\b[0-9a-f]{64}\b/g, '<id>'],
  [/\b[0-9a-f]{12}\b/g, '<short id>'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?[+-]\d\d:?\d\d|Z)?( UTC)?/g, '<time>'],
  [/(Less than a second|About a minute|\d+ (second|minute)s?)( ago)?/g, '<duration>'],
  [/\d+(\.\d+)?%/g, '<percent>'],
  [/\b\d+(\.\d+)? ?([kMG]i?)?B\b/g, '<size>'],
  [/\b(10|172|192)\.\d+\.\d+\.\d+\b/g, '<address>'],
  [/\/tmp\/longshore-[^/\s]+/g, '<folder>'],
  [/ +/g, ' '],
];

/** Lines that say what one step did here and there, when that is not the same. */
export function differences(step: Step, ours: Outcome | undefined, theirs: Outcome | undefined): string[] {
  const [here, there] = [told(ours), told(theirs)];
  if (here === there) return [];
  const reason = step.differs === undefined ? [] : [`  because ${step.differs}`];
  return [`$ ${step.line}`, ...reason, indented('Longshore', here), indented('dockerd', there), ''];
}

function told(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'nothing';
  const text = `[${outcome.code}]\n${outcome.stdout}${outcome.stderr}`.replaceAll('\r', '');
  return CHANGING.reduce((result, [pattern, words]) => result.replace(pattern, words), text).trim();
}

function indented(name: string, text: string): string {
  return `  ${name}: ${text.replaceAll('\n', '\n    ')}`;
}
