import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { EngineClient } from '@longshore/engine/contract';
import type { ContainerSummary } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { type Outcome, runConcurrently } from '../../lib/run-concurrently.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import { useToasts } from '../../ui/toast-store.ts';
import { displayName } from './container-list.ts';

export type ContainerVerb = 'start' | 'stop' | 'restart' | 'kill' | 'pause' | 'unpause' | 'remove';

const AT_ONCE = 6;

export interface ContainerActionOptions {
  /** Of a removal: volumes that nobody named go along. */
  readonly volumes?: boolean;
}

export interface ContainerActions {
  /** Of one or of many; failures are told, and what failed comes back. */
  act(
    verb: ContainerVerb,
    containers: readonly ContainerSummary[],
    options?: ContainerActionOptions,
  ): Promise<readonly ContainerSummary[]>;
}

export function useContainerActions(): ContainerActions {
  const engine = useEngine();
  const t = useText();
  const queries = useQueryClient();
  return useMemo(
    () => ({
      act: async (verb, containers, options = {}) => {
        const outcomes = await runConcurrently(containers, AT_ONCE, (item) =>
          perform(engine, verb, item.id, options),
        );
        const failed = outcomes.filter((outcome) => outcome.error !== undefined);
        tell(t, verb, outcomes, failed);
        await queries.invalidateQueries({ queryKey: queryKeys.containers });
        return failed.map((outcome) => outcome.item);
      },
    }),
    [engine, t, queries],
  );
}

function perform(
  engine: EngineClient,
  verb: ContainerVerb,
  container: string,
  { volumes = false }: ContainerActionOptions,
): Promise<unknown> {
  switch (verb) {
    case 'start':
      return engine.containers.start({ container });
    case 'stop':
      return engine.containers.stop({ container });
    case 'restart':
      return engine.containers.restart({ container });
    case 'kill':
      return engine.containers.kill({ container });
    case 'pause':
      return engine.containers.pause({ container });
    case 'unpause':
      return engine.containers.unpause({ container });
    case 'remove':
      return engine.containers.remove({ container, force: true, volumes });
  }
}

function tell(
  t: Text,
  verb: ContainerVerb,
  all: readonly Outcome<ContainerSummary>[],
  failed: readonly Outcome<ContainerSummary>[],
): void {
  const first = failed[0];
  if (first === undefined) {
    if (all.length > 1) {
      useToasts.getState().show({ tone: 'ok', title: t(`bulk.done.${verb}`, { count: all.length }) });
    }
    return;
  }
  if (all.length === 1) {
    reportError(first.error);
    return;
  }
  const reasons = failed.map(({ item, error }) => `${displayName(item)}: ${messageOf(error)}`);
  useToasts.getState().show({
    tone: 'bad',
    title: t(`bulk.failed.${verb}`, { failed: failed.length, done: all.length - failed.length }),
    hint: t('bulk.failedStaySelected'),
    details: reasons.join('\n'),
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
