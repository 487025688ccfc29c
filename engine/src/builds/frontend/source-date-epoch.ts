import { EngineError } from '../../errors/index.ts';

const NAME = 'SOURCE_DATE_EPOCH';
/** The last second of the year 9999. */
const LATEST = 253_402_300_799;

/** What a build's arguments say of its times, in seconds since 1970; null: nothing. */
export function sourceDateEpoch(buildArgs: ReadonlyMap<string, string>): number | null {
  const text = buildArgs.get(NAME) ?? '';
  if (text === '') return null;
  const seconds = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= LATEST) return seconds;
  throw new EngineError('invalid-argument', `"${text.slice(0, 100)}" is no ${NAME}.`, {
    detail: { step: 'build-arg', path: NAME },
    hint: 'It is a number of seconds since 1970, such as the time of a commit: git log -1 --format=%ct.',
  });
}
