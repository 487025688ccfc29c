import type { ContainerDetails } from '@longshore/engine/types';
import { describeError } from '../../lib/describe-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Hint } from '../../ui/field.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { hasProcesses } from '../containers/container-state.ts';
import { DetailsTable } from '../details/details-table.tsx';
import { processColumns } from './process-columns.tsx';
import { useProcesses } from './queries.ts';
import './processes.css';

interface ProcessesTabProps {
  readonly container: ContainerDetails;
}

export default function ProcessesTab({ container }: ProcessesTabProps) {
  const t = useText();
  if (!hasProcesses(container.state)) {
    return <EmptyState title={t('processes.none')} text={t('processes.noneText')} />;
  }
  return <Processes key={container.id} container={container} />;
}

function Processes({ container }: ProcessesTabProps) {
  const t = useText();
  const format = useFormat();
  const { data, error } = useProcesses(container.id);
  if (data === undefined && error !== null) {
    return (
      <EmptyState title={t('processes.failed')}>
        <div className="empty-actions">
          <ErrorNotice {...describeError(error)} />
        </div>
      </EmptyState>
    );
  }
  if (data === undefined) return <SkeletonRows label={t('processes.loading')} />;
  return (
    <>
      <DetailsTable
        name="processes"
        label={t('processes.label', { name: container.name })}
        columns={processColumns(t, format)}
        rows={data.rows}
        rowKey={(row) => row.pid}
      />
      {data.truncated && (
        <div className="processes-more">
          <Hint>{t('processes.truncated')}</Hint>
        </div>
      )}
    </>
  );
}
