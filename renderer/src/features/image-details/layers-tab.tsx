import { useMemo, useState } from 'react';
import type { ImageDetails, ImageLayer } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { Icon } from '../../ui/icon.tsx';
import { type LayerSharing, useLayerSharing } from '../images/queries.ts';
import { Digest } from './digest.tsx';
import { type LayerRow, layerRows } from './layer-rows.ts';

/** How the image was made, step by step, and what each step weighs. */
export function LayersTab({ image }: { readonly image: ImageDetails }) {
  const t = useText();
  const format = useFormat();
  const sharing = useLayerSharing(image.id);
  const rows = useMemo(() => layerRows(image), [image]);
  const total = image.layers.reduce((sum, layer) => sum + layer.sizeBytes, 0);
  if (rows.length === 0) return <p className="details-nothing text-3">{t('layers.none')}</p>;
  return (
    <div className="details-scroll" tabIndex={0} role="region" aria-label={t('tab.layers')}>
      <table className="table layers">
        <thead>
          <tr>
            <th scope="col" className="layers-step">
              {t('layers.step')}
            </th>
            <th scope="col">{t('layers.instruction')}</th>
            <th scope="col" className="layers-shared">
              {t('layers.shared')}
            </th>
            <th scope="col" className="layers-size">
              {t('layers.size')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Step key={index} row={row} number={index + 1} sharing={sharing.data} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td />
            <td className="text-3">{t('pull.layers', { count: image.layers.length })}</td>
            <td />
            <td className="layers-size">{format.bytes(total)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

interface StepProps {
  readonly row: LayerRow;
  readonly number: number;
  readonly sharing: LayerSharing | undefined;
}

function Step({ row, number, sharing }: StepProps) {
  const t = useText();
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const { layer } = row;
  const others = layer === undefined ? [] : (sharing?.get(layer.chainId) ?? []);
  const instruction = row.instruction === '' ? t('layers.unknown') : row.instruction;
  return (
    <>
      <tr className={layer === undefined ? 'layer-settings' : undefined}>
        <td className="layers-step text-3">{number}</td>
        <td>
          <button type="button" className="layers-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name={open ? 'chevron-down' : 'chevron-right'} small />
            <span className="mono ellipsis">{instruction}</span>
          </button>
        </td>
        <td className="layers-shared text-2" title={others.join('\n')}>
          {layer !== undefined && others.length > 0 && t('layers.sharedWith', { count: others.length })}
        </td>
        <td className="layers-size">
          {layer === undefined ? <span className="text-3">–</span> : format.bytes(layer.sizeBytes)}
        </td>
      </tr>
      {open && (
        <tr className="layers-more">
          <td />
          <td colSpan={3}>
            <StepDetails row={row} others={others} />
          </td>
        </tr>
      )}
    </>
  );
}

function StepDetails({ row, others }: { readonly row: LayerRow; readonly others: readonly string[] }) {
  const t = useText();
  const format = useFormat();
  return (
    <Card title={t(row.layer === undefined ? 'layers.settings' : 'layers.layer')}>
      {row.instruction !== '' && <pre className="layers-instruction mono">{row.instruction}</pre>}
      <Facts>
        {row.createdAt !== null && <Fact name={t('column.created')}>{format.dateTime(row.createdAt)}</Fact>}
        {row.layer !== undefined && <LayerFacts layer={row.layer} />}
        {others.length > 0 && <Fact name={t('layers.alsoIn')}>{others.join(', ')}</Fact>}
      </Facts>
    </Card>
  );
}

function LayerFacts({ layer }: { readonly layer: ImageLayer }) {
  const t = useText();
  const format = useFormat();
  return (
    <>
      <Fact name={t('layers.size')}>{t('bytes.exact', { bytes: format.exactBytes(layer.sizeBytes) })}</Fact>
      <Fact name={t('image.digest')}>
        <Digest digest={layer.digest} label={t('image.copyDigest')} />
      </Fact>
      <Fact name={t('layers.diffId')}>
        <Digest digest={layer.diffId} label={t('layers.copyDiffId')} />
      </Fact>
      <Fact name={t('image.mediaType')} mono>
        {layer.mediaType}
      </Fact>
    </>
  );
}
