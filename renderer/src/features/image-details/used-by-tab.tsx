import { Link } from 'react-router';
import type { ContainerSummary, ImageDetails } from '@longshore/engine/types';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { CommandCell, StateCell, UptimeCell } from '../containers/cells.tsx';
import { displayName } from '../containers/container-list.ts';
import { shownState } from '../containers/container-state.ts';
import { imageName } from '../images/image-list.ts';
import { openOverlay } from '../overlays/overlay-store.ts';

interface UsedByTabProps {
  readonly image: ImageDetails;
  readonly containers: readonly ContainerSummary[];
}

/** The containers that were made from this image. */
export function UsedByTab({ image, containers }: UsedByTabProps) {
  const t = useText();
  if (containers.length === 0) {
    return (
      <EmptyState title={t('usedBy.none')} text={t('usedBy.noneText')}>
        <div className="empty-actions">
          <Button icon="play" onClick={() => openOverlay({ kind: 'run', image: imageName(image) })}>
            {t('containers.run')}
          </Button>
        </div>
      </EmptyState>
    );
  }
  return (
    <div className="details-scroll" tabIndex={0} role="region" aria-label={t('tab.used-by')}>
      <table className="table used-by">
        <thead>
          <tr>
            <th scope="col">{t('column.name')}</th>
            <th scope="col">{t('column.state')}</th>
            <th scope="col">{t('column.command')}</th>
            <th scope="col">{t('column.uptime')}</th>
          </tr>
        </thead>
        <tbody>
          {containers.map((container) => (
            <Row key={container.id} container={container} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ container }: { readonly container: ContainerSummary }) {
  const { shape, tone } = shownState(container.state);
  return (
    <tr>
      <td>
        <span className="row">
          <StateShape shape={shape} tone={tone} />
          <Link className="list-name ellipsis" to={`/containers/${container.id}/overview`}>
            {displayName(container)}
          </Link>
        </span>
      </td>
      <td>
        <StateCell container={container} />
      </td>
      <td>
        <CommandCell container={container} />
      </td>
      <td>
        <UptimeCell container={container} />
      </td>
    </tr>
  );
}
