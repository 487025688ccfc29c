const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From a limit on, counted in this unit: docker's `units.HumanDuration`, which clients parse. */
const STEPS = [
  { below: MINUTE, unit: SECOND, name: 'seconds' },
  { below: 2 * MINUTE, words: 'About a minute' },
  { below: HOUR, unit: MINUTE, name: 'minutes' },
  { below: 2 * HOUR, words: 'About an hour' },
  { below: 2 * DAY, unit: HOUR, name: 'hours' },
  { below: 14 * DAY, unit: DAY, name: 'days' },
  { below: 60 * DAY, unit: 7 * DAY, name: 'weeks' },
  { below: 730 * DAY, unit: 30 * DAY, name: 'months' },
] as const;

export function humanDuration(milliseconds: number): string {
  if (!(milliseconds >= SECOND)) return 'Less than a second';
  if (milliseconds < 2 * SECOND) return '1 second';
  const step = STEPS.find(({ below }) => milliseconds < below);
  if (step === undefined) return `${Math.floor(milliseconds / (365 * DAY))} years`;
  return 'words' in step ? step.words : `${Math.floor(milliseconds / step.unit)} ${step.name}`;
}
