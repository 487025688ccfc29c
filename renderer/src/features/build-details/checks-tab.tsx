import type { BuildWarning } from '@longshore/engine/types';
import { useText } from '../../messages/use-text.ts';
import { WarningList } from '../builds/check-list.tsx';

export function ChecksTab({ warnings }: { readonly warnings: readonly BuildWarning[] }) {
  const t = useText();
  return (
    <div className="details-scroll build-tab">
      {warnings.length === 0 ? (
        <p className="text-3">{t('builds.checkedWell')}</p>
      ) : (
        <WarningList warnings={warnings} />
      )}
    </div>
  );
}
