import { shortId } from '../../lib/image-reference.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { type ShapeName, StateShape, type Tone } from '../../ui/icon.tsx';
import { Meter } from '../../ui/meter.tsx';
import type { TransferKind } from './transfer.ts';
import { isMoving, type TransferLayer, type TransferStage } from './transfer-figures.ts';

interface TransferLayersProps {
  readonly kind: TransferKind;
  readonly layers: readonly TransferLayer[];
}

export function TransferLayers({ kind, layers }: TransferLayersProps) {
  const t = useText();
  return (
    <div className="pull-layers" tabIndex={0} role="group" aria-label={t('transfer.layers')}>
      <div className="layer layer-head text-3">
        <span />
        <span>{t('pull.layer')}</span>
        <span>{t('pull.stage')}</span>
        <span className="grid-end">{t('pull.layers', { count: layers.length })}</span>
      </div>
      <ul>
        {layers.map((layer, index) => (
          // One and the same layer may be twice in an image.
          <LayerRow key={`${index} ${layer.digest}`} kind={kind} layer={layer} />
        ))}
      </ul>
    </div>
  );
}

const MARKS: Readonly<Record<TransferStage, readonly [ShapeName, Tone]>> = {
  waiting: ['waiting', 'idle'],
  downloading: ['downloading', 'info'],
  verifying: ['verifying', 'info'],
  unpacking: ['unpacking', 'info'],
  pushing: ['uploading', 'info'],
  done: ['done', 'ok'],
  pushed: ['done', 'ok'],
  exists: ['exists', 'idle'],
  mounted: ['exists', 'ok'],
};

function LayerRow({ kind, layer }: { readonly kind: TransferKind; readonly layer: TransferLayer }) {
  const t = useText();
  const format = useFormat();
  const [shape, tone] = MARKS[layer.stage];
  const active = isMoving(layer.stage);
  const bytes = layer.stage === 'downloading' ? layer.movedBytes : layer.finishedBytes;
  const fraction = layer.sizeBytes === 0 ? 1 : bytes / layer.sizeBytes;
  const stage = t(`layer.${layer.stage}`);
  return (
    <li className="layer">
      <StateShape shape={shape} tone={tone} />
      <span className="mono text-3 text-caption" title={layer.digest}>
        {shortId(layer.digest)}
      </span>
      <span className="layer-stage">
        <span
          className={tone === 'idle' ? 'text-3' : undefined}
          title={layer.stage === 'mounted' ? t('layer.fromAnother') : undefined}
        >
          {stage} {active && <span className="text-3">{format.percent(fraction)}</span>}
        </span>
        {active && <Meter size="tiny" tone="info" progress fraction={fraction} label={stage} />}
      </span>
      <span className="grid-end text-3">{endOf(layer)}</span>
    </li>
  );

  function endOf({ stage: at, sizeBytes }: TransferLayer): string {
    if (at === 'exists') return t(kind === 'pull' ? 'layer.alreadyHere' : 'layer.alreadyThere');
    if (!active) return format.bytes(sizeBytes);
    return t('pull.bytes', { done: format.bytes(bytes), total: format.bytes(sizeBytes) });
  }
}
