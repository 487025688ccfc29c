import type { ImageSummary, Task } from '@longshore/engine/types';
import { runningTasks, useTasks } from '../tasks/queries.ts';
import { totalsOf } from './pull-progress.ts';
import { type Pull, referenceOf, usePulls } from './pull-store.ts';

/** A pull as it stands in the list of images. */
export interface PullingRow {
  readonly reference: string;
  readonly requested: string;
  readonly fraction: number | null;
  readonly failed: boolean;
  /** Started on this page; else the engine knows it from elsewhere. */
  readonly own: boolean;
}

export function usePullingRows(): readonly PullingRow[] {
  const pulls = usePulls((state) => state.pulls);
  const tasks = useTasks();
  return pullingRows(Object.values(pulls), tasks.data ?? []);
}

export function pullingRows(pulls: readonly Pull[], tasks: readonly Task[]): readonly PullingRow[] {
  const own = pulls.filter((pull) => !pull.listed).map(rowOf);
  const known = new Set(pulls.map(referenceOf));
  const others = runningTasks(tasks)
    .filter((task) => task.kind === 'image-pull' && !known.has(task.subject))
    .map(({ subject, fraction }): PullingRow => ({
      reference: subject,
      requested: subject,
      fraction,
      failed: false,
      own: false,
    }));
  return [...own, ...others];
}

/** The images whose place is not taken by a pull: of the two rows there is always one. */
export function withoutPulled(
  images: readonly ImageSummary[],
  rows: readonly PullingRow[],
): readonly ImageSummary[] {
  const coming = new Set(rows.filter((row) => !row.failed).map((row) => row.reference));
  if (coming.size === 0) return images;
  return images.filter(({ references }) => !references.some((reference) => coming.has(reference)));
}

function rowOf(pull: Pull): PullingRow {
  return {
    reference: referenceOf(pull),
    requested: pull.requested,
    fraction: pull.progress?.stage === 'pulling' ? totalsOf(pull.progress.layers).fraction : null,
    failed: pull.error !== undefined,
    own: true,
  };
}
