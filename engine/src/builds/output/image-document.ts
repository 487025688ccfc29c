import type { BuiltStage } from '../frontend/built-stage.ts';
import type { Root, Vertex } from '../graph/vertex.ts';

export interface ImageDocumentOptions {
  readonly labels: Readonly<Record<string, string>>;
  /** Of the solved steps. */
  readonly layerOf: (vertex: Vertex) => { readonly createdAt: string | null } | null;
  /** SOURCE_DATE_EPOCH, in seconds since 1970. */
  readonly epoch: number | null;
  /** Members that no container hears of. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** Of an image with nothing that has a time: no file and no base. */
const NO_TIME = '1970-01-01T00:00:00.000Z';

/** The image config of a built stage. The same steps make the same bytes: its times are those of its layers. */
export function imageDocument(stage: BuiltStage, root: Root, options: ImageDocumentOptions): Uint8Array {
  const fixed = options.epoch === null ? null : new Date(options.epoch * 1000).toISOString();
  let latest = fixed ?? stage.baseCreated ?? NO_TIME;
  const history = stage.history.map(({ createdBy, vertex }) => {
    const createdAt = vertex === null ? null : (options.layerOf(vertex)?.createdAt ?? null);
    if (createdAt !== null && fixed === null) latest = createdAt;
    const common = { created: latest, created_by: createdBy };
    return vertex === null ? { ...common, empty_layer: true } : common;
  });
  const { Labels, ...config } = stage.config;
  const labels = { ...Labels, ...options.labels };
  const document = {
    created: latest,
    ...(stage.author !== '' && { author: stage.author }),
    ...stage.platform,
    config: { ...config, ...(Object.keys(labels).length > 0 && { Labels: labels }) },
    rootfs: { type: 'layers', diff_ids: root.map(({ diffId }) => diffId) },
    history: [...stage.baseHistory, ...history],
    ...options.more,
  };
  return new TextEncoder().encode(JSON.stringify(document));
}
