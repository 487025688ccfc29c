import type { BuildCheck, BuildWarning } from '@longshore/engine/types';
import { describeError } from '../../lib/describe-error.ts';
import { openExternal } from '../../lib/open-external.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Hint } from '../../ui/field.tsx';
import { fromWire } from '@longshore/engine/errors';
import './builds.css';

/** What the checks say of a Dockerfile. */
export function CheckList({ check }: { readonly check: BuildCheck }) {
  const t = useText();
  return (
    <div className="build-checks">
      {check.error !== null && <ErrorNotice {...describeError(fromWire(check.error))} />}
      {check.error === null && check.warnings.length === 0 && (
        <Hint tone="ok">{t('builds.checkedWell')}</Hint>
      )}
      <WarningList warnings={check.warnings} />
    </div>
  );
}

export function WarningList({ warnings }: { readonly warnings: readonly BuildWarning[] }) {
  const t = useText();
  if (warnings.length === 0) return null;
  return (
    <ul className="build-warnings" aria-label={t('builds.checks')}>
      {warnings.map((warning) => (
        <li key={`${warning.rule} ${warning.line}:${warning.column}`}>
          <Hint tone="warn">
            {warning.message}{' '}
            <Button small variant="quiet" icon="external" onClick={() => openExternal(warning.url)}>
              {warning.rule}
            </Button>
          </Hint>
          <pre className="mono build-source">
            <span className="text-3">{t('builds.line', { line: warning.line })}</span> {warning.sourceLine}
          </pre>
        </li>
      ))}
    </ul>
  );
}
