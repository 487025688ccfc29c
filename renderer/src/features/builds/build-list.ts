import type { BuildStatus, BuildSummary } from '@longshore/engine/types';
import type { ShapeName, Tone } from '../../ui/icon.tsx';

export const BUILD_FILTERS = ['all', 'running', 'failed'] as const;
export type BuildFilter = (typeof BUILD_FILTERS)[number];

export interface BuildsView {
  readonly shown: readonly BuildSummary[];
  readonly counts: Readonly<Record<BuildFilter, number>>;
}

/** The newest first, as the engine lists them. */
export function buildsView(builds: readonly BuildSummary[], filter: BuildFilter, search: string): BuildsView {
  const count = (status: BuildStatus) => builds.filter((build) => build.status === status).length;
  return {
    shown: builds
      .filter((build) => filter === 'all' || build.status === filter)
      .filter((build) => matchesSearch(build, search)),
    counts: { all: builds.length, running: count('running'), failed: count('failed') },
  };
}

function matchesSearch(build: BuildSummary, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const haystack = [build.name, build.id, build.context, build.target ?? '', ...build.references]
    .join('\n')
    .toLowerCase();
  return words.every((word) => haystack.includes(word));
}

export const BUILD_STATES: Readonly<Record<BuildStatus, { readonly shape: ShapeName; readonly tone: Tone }>> =
  {
    running: { shape: 'busy', tone: 'info' },
    done: { shape: 'done', tone: 'ok' },
    failed: { shape: 'failed', tone: 'bad' },
    cancelled: { shape: 'exited', tone: 'idle' },
  };

export function buildPath({ id }: { readonly id: string }, tab = 'steps'): string {
  return `/builds/${id}/${tab}`;
}

/** How long it took, or has taken until now. */
export function buildTime({ startedAt, endedAt }: BuildSummary, now: number): number {
  return Math.max(0, (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt));
}
