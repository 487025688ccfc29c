import { useMemo, useState } from 'react';
import type { BuildStepProgress } from '@longshore/engine/types';
import { describeError } from '../../lib/describe-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../messages/use-text.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { fromWire } from '@longshore/engine/errors';
import type { BuildWatch } from './build-watch.ts';
import { type BuildView, spanOf, stagesNeeded, stepOfInterest } from './build-view.ts';
import { GraphCell } from './graph-cell.tsx';
import { graphOf } from './step-graph.ts';
import { StepLog } from './step-log.tsx';

interface StepsTabProps {
  readonly view: BuildView;
  readonly watch: BuildWatch | undefined;
  readonly failure: unknown;
}

/** The graph of the steps with their times and what was cached; beside it what the step in question writes. */
export function StepsTab({ view, watch, failure }: StepsTabProps) {
  const t = useText();
  const [chosen, setChosen] = useState<number | undefined>();
  const shown = chosen ?? stepOfInterest(view);
  const step = view.steps.find(({ index }) => index === shown);
  return (
    <div className="build-steps">
      <div className="build-steps-list details-scroll">
        {failure !== undefined && <ErrorNotice {...describeError(failure)} />}
        {view.steps.length === 0 ? (
          <p className="details-nothing text-3">
            {t(view.status === 'running' ? 'builds.planning' : 'builds.noSteps')}
          </p>
        ) : (
          <StepTable view={view} chosen={step?.index} onChoose={setChosen} />
        )}
        {view.error !== null && !view.steps.some(({ error }) => error !== null) && (
          <div className="build-failed">
            <ErrorNotice {...describeError(fromWire(view.error))} />
          </div>
        )}
        <Outputs view={view} />
      </div>
      {step !== undefined && <StepLog key={step.index} watch={watch} step={step} />}
    </div>
  );
}

interface StepTableProps {
  readonly view: BuildView;
  readonly chosen: number | undefined;
  readonly onChoose: (step: number) => void;
}

function StepTable({ view, chosen, onChoose }: StepTableProps) {
  const t = useText();
  const format = useFormat();
  const now = useNow(1000);
  const graph = useMemo(() => graphOf(view.steps), [view.steps]);
  const whole = view.startedMs === null ? 0 : (view.endedMs ?? now) - view.startedMs;
  return (
    <table className="table build-table" aria-label={t('tab.steps')}>
      <colgroup>
        <col className={graph.lanes > 4 ? 'step-col-graph step-col-wide' : 'step-col-graph'} />
        <col className="step-col-stage" />
        <col />
        <col className="step-col-cache" />
        <col className="step-col-time" />
        <col className="step-col-span" />
      </colgroup>
      <thead>
        <tr>
          <th>{t('builds.graph')}</th>
          <th>{t('builds.stage')}</th>
          <th>{t('builds.step')}</th>
          <th>{t('builds.cache')}</th>
          <th className="end">{t('builds.time')}</th>
          <th>{t('builds.until', { time: format.span(whole) })}</th>
        </tr>
      </thead>
      <tbody>
        {view.steps.map((step, row) => (
          <tr key={step.index} aria-selected={step.index === chosen} onClick={() => onChoose(step.index)}>
            <td>
              {graph.rows[row] !== undefined && (
                <GraphCell row={graph.rows[row]} lanes={graph.lanes} state={step.state} />
              )}
            </td>
            <td className="text-2">{step.stage === view.steps[row - 1]?.stage ? '' : step.stage}</td>
            <td>
              <StepButton step={step} onChoose={onChoose} />
            </td>
            <td>
              <CacheWords view={view} step={step} />
            </td>
            <td className="end">
              <StepTime step={step} now={now} />
            </td>
            <td>
              <SpanBar view={view} step={step} now={now} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function StepButton({ step, onChoose }: { step: BuildStepProgress; onChoose: (step: number) => void }) {
  const [word = '', ...rest] = step.instruction.split(' ');
  return (
    <button className="step-button mono" title={step.instruction} onClick={() => onChoose(step.index)}>
      <span className="text-3">{word}</span> {rest.join(' ')}
    </button>
  );
}

/** Here the engine's words can name what has changed; of the others there is nothing to name. */
const NAMED: ReadonlySet<string> = new Set(['files-changed', 'variables-changed']);

/** Why it runs, or why not, in words. */
function CacheWords({ view, step }: { readonly view: BuildView; readonly step: BuildStepProgress }) {
  const t = useText();
  const needed = stagesNeeded(view, step);
  if (step.state === 'cached') return <span className="text-2">{t('builds.wasCached')}</span>;
  if (step.state === 'waiting' && view.status === 'running') {
    const words =
      needed.length === 0 ? t('builds.waiting') : t('builds.needs', { stages: needed.join(', ') });
    return <span className="text-3">{words}</span>;
  }
  if (step.state === 'waiting' || step.state === 'cancelled')
    return <span className="text-3">{t('builds.notRun')}</span>;
  if (step.miss === null) return null;
  const { reason, detail } = step.miss;
  const words = NAMED.has(reason) && detail !== '' ? detail : t(`builds.miss.${reason}`);
  return (
    <span title={`${t(`builds.miss.${reason}`)}\n${detail}`}>
      <span className="text-warn">{t('builds.missed')}</span> <span className="text-2">{words}</span>
    </span>
  );
}

function StepTime({ step, now }: { readonly step: BuildStepProgress; readonly now: number }) {
  const format = useFormat();
  const took = step.state !== 'cached' && step.durationMs !== null;
  if (took) return <span className="text-2">{format.span(step.durationMs)}</span>;
  if (step.state !== 'running' || step.startedAt === null) return <span className="text-3">–</span>;
  return <span className="text-info">{format.span(Math.max(0, now - Date.parse(step.startedAt)))}</span>;
}

/** Drawn in SVG because its place is data and the policy allows no style attributes. */
function SpanBar({ view, step, now }: { view: BuildView; step: BuildStepProgress; now: number }) {
  const span = spanOf(view, step, now);
  if (span === undefined) return null;
  const from = span.from * 100;
  return (
    <svg className="step-span" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      <rect
        className={step.state === 'running' ? 'step-span-running' : ''}
        x={Math.min(from, 98.5)}
        width={Math.max(1.5, span.to * 100 - from)}
        height="1"
      />
    </svg>
  );
}

/** What is done with the result, while that is done; and what took longest. */
function Outputs({ view }: { readonly view: BuildView }) {
  const t = useText();
  const format = useFormat();
  const [longest] = [...view.steps].sort((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0));
  return (
    <div className="build-notes text-small text-2">
      {view.status === 'running' && <p>{view.outputs.at(-1)}</p>}
      {longest?.durationMs !== null && longest !== undefined && longest.durationMs >= 1000 && (
        <p>
          {t('builds.longest', { time: format.span(longest.durationMs) })}{' '}
          <span className="mono">{longest.instruction}</span>
        </p>
      )}
    </div>
  );
}
