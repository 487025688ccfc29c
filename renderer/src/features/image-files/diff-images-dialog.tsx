import { useMemo, useState } from 'react';
import type { ImageFileDifference, ImageFileState, ImageSummary } from '@longshore/engine/types';
import { describeError } from '../../lib/describe-error.ts';
import { type Format, useFormat } from '../../lib/use-format.ts';
import { type Text, useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import {
  type Column,
  DataGrid,
  NOTHING_SELECTED,
  type Selection,
  type Sort,
  sortRows,
} from '../../ui/data-grid/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { modeText } from '../files/file-rows.ts';
import { imageName } from '../images/image-list.ts';
import { useImages } from '../images/queries.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { useImageDiff } from './queries.ts';
import '../files/files.css';
import './image-files.css';

const FILTERS = ['all', 'added', 'changed', 'removed'] as const;
type Filter = (typeof FILTERS)[number];

const pathOf = ({ path }: ImageFileDifference) => path;

/** How the files of one image differ from those of another. */
export default function DiffImagesDialog({ image }: { readonly image: ImageSummary }) {
  const t = useText();
  const others = (useImages().data ?? []).filter(({ id }) => id !== image.id);
  const [other, setOther] = useState('');
  const query = useImageDiff(image.id, other);
  return (
    <Dialog
      title={t('diff.title', { image: imageName(image) })}
      closeLabel={t('ui.close')}
      onClose={closeOverlay}
      footer={
        <>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.close')}</Button>
        </>
      }
    >
      <div className="diff">
        <div className="diff-with">
          <SelectField
            fieldWidth="full"
            data-autofocus
            aria-label={t('diff.other')}
            value={other}
            onChange={(event) => setOther(event.target.value)}
          >
            <option value="">{t('diff.choose')}</option>
            {others.map((each) => (
              <option key={each.id} value={each.id}>
                {imageName(each)}
              </option>
            ))}
          </SelectField>
        </div>
        {other === '' ? (
          <EmptyState title={t('diff.none')} text={t('diff.noneText')} />
        ) : query.error !== null ? (
          <div className="diff-with">
            <ErrorNotice {...describeError(query.error)} />
          </div>
        ) : query.data === undefined ? (
          <SkeletonRows label={t('diff.comparing')} />
        ) : query.data.length === 0 ? (
          <EmptyState title={t('diff.same')} text={t('diff.sameText')} />
        ) : (
          <Differences differences={query.data} />
        )}
      </div>
    </Dialog>
  );
}

function Differences({ differences }: { readonly differences: readonly ImageFileDifference[] }) {
  const t = useText();
  const format = useFormat();
  const [filter, setFilter] = useState<Filter>('all');
  const [sort, setSort] = useState<Sort | undefined>();
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const columns = useMemo(() => diffColumns(t, format), [t, format]);
  const shown = differences.filter(({ change }) => filter === 'all' || change === filter);
  const grown = differences.reduce((sum, each) => sum + sizeOf(each.after) - sizeOf(each.before), 0);
  return (
    <>
      <div className="diff-with">
        <Segmented
          label={t('diff.filter')}
          value={filter}
          onChange={setFilter}
          options={FILTERS.map((value) => ({
            value,
            label: t(`diff.${value}`),
            count: format.number(
              differences.filter(({ change }) => value === 'all' || change === value).length,
            ),
          }))}
        />
        <span className="grow" />
        <span className="text-2">
          {t(grown < 0 ? 'diff.smaller' : 'diff.larger', { bytes: format.bytes(Math.abs(grown)) })}
        </span>
      </div>
      <DataGrid
        label={t('diff.label')}
        className="diff-grid"
        columns={columns}
        rows={sortRows(shown, columns, sort)}
        rowHeight={36}
        rowKey={pathOf}
        rowLabel={pathOf}
        sort={sort}
        onSort={setSort}
        selection={selection}
        onSelection={setSelection}
        onOpen={() => undefined}
        onDelete={() => undefined}
      />
    </>
  );
}

function diffColumns(t: Text, format: Format): readonly Column<ImageFileDifference>[] {
  const size = (which: 'before' | 'after'): Column<ImageFileDifference> => ({
    id: which,
    header: t(`diff.${which}`),
    align: 'end',
    cell: (row) => <State state={row[which]} format={format} />,
    compare: (a, b) => sizeOf(a[which]) - sizeOf(b[which]),
  });
  return [
    {
      id: 'path',
      header: t('diff.path'),
      cell: ({ path }) => (
        <span className="mono ellipsis" title={path}>
          {path}
        </span>
      ),
      compare: (a, b) => a.path.localeCompare(b.path),
    },
    {
      id: 'change',
      header: t('diff.change'),
      cell: ({ change }) => (
        <span className={change === 'removed' ? 'text-bad' : change === 'added' ? 'text-ok' : 'text-warn'}>
          {t(`diff.${change}`)}
        </span>
      ),
      compare: (a, b) => a.change.localeCompare(b.change),
    },
    size('before'),
    size('after'),
  ];
}

function State({ state, format }: { readonly state: ImageFileState | null; readonly format: Format }) {
  if (state === null) return <span className="text-3">–</span>;
  const title = `${modeText(state)} ${state.uid}:${state.gid}`;
  return <span title={title}>{state.type === 'file' ? format.bytes(state.sizeBytes) : modeText(state)}</span>;
}

function sizeOf(state: ImageFileState | null): number {
  return state?.type === 'file' ? state.sizeBytes : 0;
}
