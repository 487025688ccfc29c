import { Link } from 'react-router';
import type { ContainerDetails, ContainerMount } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Card } from '../../ui/card.tsx';
import { volumePath } from '../volumes/volume-list.ts';

/** What of its files is from elsewhere. */
export function MountsCard({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const { mounts } = container.spec;
  return (
    <Card title={t('overview.mounts')} count={mounts.length}>
      {mounts.length === 0 ? (
        <p className="text-3 text-small">{t('overview.noMounts')}</p>
      ) : (
        <ul className="mounts">
          {mounts.map((mount) => (
            <li key={mount.target}>
              <span className="mono">{mount.target}</span>
              <span className="text-3 text-small">
                <Source mount={mount} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Source({ mount }: { readonly mount: ContainerMount }) {
  const t = useText();
  const format = useFormat();
  switch (mount.type) {
    case 'tmpfs':
      return (
        <>
          {t('mount.tmpfs')} {mount.sizeBytes !== null && format.memory(mount.sizeBytes)}{' '}
          <span className="mono">
            {[mount.mode === null ? '' : mount.mode.toString(8), ...mount.options].join(' ')}
          </span>
        </>
      );
    case 'volume':
      return (
        <>
          {t(mount.anonymous ? 'mount.anonymous' : 'mount.volume')}{' '}
          <Link to={volumePath(mount.source)} className="mono">
            {mount.anonymous ? shortId(mount.source) : mount.source}
          </Link>
          {mount.subpath !== '' && <span className="mono"> /{mount.subpath}</span>}{' '}
          {t(mount.readOnly ? 'mount.readOnly' : 'mount.readWrite')}
        </>
      );
    case 'bind':
      return (
        <>
          <span className="mono">{mount.source}</span>{' '}
          {t(mount.readOnly ? 'mount.readOnly' : 'mount.readWrite')}
          {mount.propagation !== 'rprivate' && `, ${mount.propagation}`}
          {!mount.recursive && `, ${t('run.mountAlone')}`}
        </>
      );
  }
}
