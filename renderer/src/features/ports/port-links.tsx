import type { ContainerSummary } from '@longshore/engine/types';
import { openExternal } from '../../lib/open-external.ts';
import { useText } from '../../messages/use-text.ts';
import { type ShownPort, shownPorts } from './shown-ports.ts';
import './ports.css';

interface PortLinksProps {
  readonly container: ContainerSummary;
  /** Every one; else the first two and how many more. */
  readonly all?: boolean;
  readonly tabIndex?: number;
}

const FIRST = 2;

/** The ports that lead to it; those of TCP open in the browser. */
export function PortLinks({ container, all = false, tabIndex }: PortLinksProps) {
  const t = useText();
  const ports = shownPorts(container.ports);
  const exposed = container.exposedPorts.filter(
    ({ containerPort, protocol }) =>
      !container.ports.some((each) => each.containerPort === containerPort && each.protocol === protocol),
  );
  const shown = all ? ports : ports.slice(0, FIRST);
  const more = ports.length - shown.length;
  if (ports.length === 0 && (!all || exposed.length === 0)) return <span className="text-3">–</span>;
  return (
    <span
      className={all ? 'ports ports-all' : 'ports'}
      title={all ? undefined : ports.map(written).join('\n')}
    >
      {shown.map((port) => (
        <PortLink key={written(port)} port={port} {...(tabIndex !== undefined && { tabIndex })} />
      ))}
      {more > 0 && <span className="text-3">{t('ports.more', { count: more })}</span>}
      {all &&
        exposed.map(({ containerPort, protocol }) => (
          <span key={`${containerPort}/${protocol}`} className="text-3">
            <span className="mono">
              {containerPort}/{protocol}
            </span>{' '}
            {t('ports.notPublished')}
          </span>
        ))}
    </span>
  );
}

function PortLink({ port, tabIndex }: { readonly port: ShownPort; readonly tabIndex?: number }) {
  const t = useText();
  const { url } = port;
  const ends = (
    <>
      {port.hostPorts}
      <span className="ports-inside"> → {port.containerPorts}</span>
    </>
  );
  if (url === null) {
    return (
      <span className="port mono" title={written(port)}>
        {ends}
      </span>
    );
  }
  return (
    <a
      className="port mono"
      href={url}
      title={t('ports.open', { url })}
      {...(tabIndex !== undefined && { tabIndex })}
      onClick={(event) => {
        event.preventDefault();
        event.stopPropagation();
        openExternal(url);
      }}
    >
      {ends}
    </a>
  );
}

function written({ hostAddress, hostPorts, containerPorts }: ShownPort): string {
  return `${hostAddress}:${hostPorts} → ${containerPorts}`;
}
