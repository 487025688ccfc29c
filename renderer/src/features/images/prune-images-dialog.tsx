import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { reportError } from '../../lib/report-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../messages/use-text.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SelectField } from '../../ui/field.tsx';
import { useToasts } from '../../ui/toast-store.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { pruneImagesCommand } from '../commands/image-commands.ts';
import { imageName } from './image-list.ts';

const HOUR_MS = 3_600_000;
const AGES = { any: 0, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, month: 30 * 24 * HOUR_MS } as const;
type Age = keyof typeof AGES;

/** Deletes what no container needs, after it has said what, to the byte. Those with a name only when asked to. */
export default function PruneImagesDialog() {
  const t = useText();
  const format = useFormat();
  const now = useNow(60_000);
  const [all, setAll] = useState(false);
  const [age, setAge] = useState<Age>('any');
  const { going, busy, prune } = usePrune(all, age);
  const { images, freedBytes } = going.data ?? { images: [], freedBytes: 0 };
  return (
    <ConfirmDialog
      title={t('pruneImages.title')}
      confirmLabel={t('pruneImages.confirm', { count: images.length })}
      cancelLabel={t('ui.cancel')}
      busy={busy || going.isFetching || images.length === 0}
      onConfirm={() => void prune()}
      onClose={closeOverlay}
      command={<CommandView command={pruneImagesCommand({ all, hours: AGES[age] / HOUR_MS })} />}
    >
      <p>{t('pruneImages.text')}</p>
      <Checkbox labelled label={t('pruneImages.all')} checked={all} onChange={setAll} />
      <div className="row">
        <SelectField
          aria-label={t('pruneImages.age')}
          value={age}
          onChange={(event) => setAge(event.target.value as Age)}
        >
          {Object.keys(AGES).map((each) => (
            <option key={each} value={each}>
              {t(`pruneImages.age.${each as Age}`)}
            </option>
          ))}
        </SelectField>
      </div>
      {going.error !== null && <ErrorNotice {...describeError(going.error)} />}
      {going.data !== undefined && images.length === 0 && (
        <p className="text-2" role="status">
          {t('pruneImages.none')}
        </p>
      )}
      {images.length > 0 && (
        <>
          <ul className="confirm-list" tabIndex={0} aria-label={t('images.title')}>
            {images.map((image) => (
              <li key={image.id} className="row">
                <span className="text-medium ellipsis" title={image.references.join('\n')}>
                  {imageName(image)}
                </span>
                {image.createdAt !== null && (
                  <span className="text-3 text-small">{format.ago(image.createdAt, now)}</span>
                )}
                <span className="grow" />
                <span className="text-3 text-small">
                  {t('bytes.exact', { bytes: format.exactBytes(image.uniqueBytes) })}
                </span>
              </li>
            ))}
          </ul>
          <p role="status">{t('pruneImages.frees', { bytes: format.exactBytes(freedBytes) })}</p>
        </>
      )}
    </ConfirmDialog>
  );
}

/** What would go, and its going: both with the same words to the engine. */
function usePrune(all: boolean, age: Age) {
  const t = useText();
  const format = useFormat();
  const engine = useEngine();
  const [opened] = useState(() => Date.now());
  const [busy, setBusy] = useState(false);
  const filters = {
    all,
    ...(age !== 'any' && { until: new Date(opened - AGES[age]).toISOString() }),
  };
  const going = useQuery({
    queryKey: ['images', 'prunable', all, age],
    queryFn: ({ signal }) => engine.images.prunable(filters, { signal }),
    placeholderData: (before) => before,
  });
  const prune = async () => {
    setBusy(true);
    try {
      const { deleted, freedBytes } = await engine.images.prune(filters);
      useToasts.getState().show({
        tone: 'ok',
        title: t('removeImages.done', { count: deleted.length, bytes: format.exactBytes(freedBytes) }),
      });
    } catch (thrown) {
      reportError(thrown);
    }
    closeOverlay();
  };
  return { going, busy, prune };
}
