import { useMemo, useRef, useState } from 'react';
import type { ContainerDetails, FileChange } from '@longshore/engine/types';
import { describeError } from '../../lib/describe-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useSlashKey } from '../../lib/use-slash-key.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SearchField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { NothingFound } from '../lists/nothing-found.tsx';
import { CHANGE_FILTERS, type ChangeFilter, viewChanges } from './change-list.ts';
import { ChangeRows } from './change-rows.tsx';
import { useChanges } from './queries.ts';
import './changes.css';

/** What was written in the container, changed or deleted, since it was made of its image. */
export default function ChangesTab({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const query = useChanges(container.id);
  if (query.data !== undefined) {
    return <Changes changes={query.data} busy={query.isFetching} onAgain={() => void query.refetch()} />;
  }
  if (query.error === null) return <SkeletonRows label={t('changes.loading')} />;
  return (
    <EmptyState title={t('changes.failed')}>
      <div className="empty-actions">
        <ErrorNotice {...describeError(query.error)} />
        <Button icon="restart" onClick={() => void query.refetch()}>
          {t('changes.again')}
        </Button>
      </div>
    </EmptyState>
  );
}

interface ChangesProps {
  readonly changes: readonly FileChange[];
  readonly busy: boolean;
  readonly onAgain: () => void;
}

function Changes({ changes, busy, onAgain }: ChangesProps) {
  const t = useText();
  const format = useFormat();
  const field = useRef<HTMLInputElement>(null);
  const [filter, setFilter] = useState<ChangeFilter>('all');
  const [search, setSearch] = useState('');
  useSlashKey(field);
  const { shown, counts } = useMemo(() => viewChanges(changes, filter, search), [changes, filter, search]);
  const clear = () => {
    setFilter('all');
    setSearch('');
  };
  return (
    <>
      <div className="toolbar">
        <SearchField
          ref={field}
          value={search}
          label={t('changes.search')}
          shortcut="/"
          onChange={setSearch}
        />
        <Segmented
          label={t('changes.filter')}
          value={filter}
          onChange={setFilter}
          options={CHANGE_FILTERS.map((value) => ({
            value,
            label: t(`changes.${value}`),
            count: format.number(counts[value]),
          }))}
        />
        <span className="grow" />
        <Button variant="quiet" icon="restart" disabled={busy} onClick={onAgain}>
          {t('changes.again')}
        </Button>
      </div>
      {changes.length === 0 ? (
        <EmptyState title={t('changes.none')} text={t('changes.noneText')} />
      ) : shown.length === 0 ? (
        <NothingFound search={search} onClear={clear} />
      ) : (
        <ChangeRows changes={shown} />
      )}
    </>
  );
}
