import type { Text } from '../messages/use-text.ts';
import { useToasts } from '../ui/toast-store.ts';
import { reportError } from './report-error.ts';
import type { Outcome } from './run-concurrently.ts';

/** Tells of those of several that failed: one with its own words, more of them as a count with a list. */
export function reportFailures<T>(
  t: Text,
  outcomes: readonly Outcome<T>[],
  nameOf: (item: T) => string,
): void {
  const failed = outcomes.filter(({ error }) => error !== undefined);
  const [first] = failed;
  if (first === undefined) return;
  if (outcomes.length === 1) {
    reportError(first.error);
    return;
  }
  useToasts.getState().show({
    tone: 'bad',
    title: t('several.failed', { done: outcomes.length - failed.length, failed: failed.length }),
    details: failed.map(({ item, error }) => `${nameOf(item)}: ${messageOf(error)}`).join('\n'),
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
