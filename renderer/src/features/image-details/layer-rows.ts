import type { ImageDetails, ImageHistoryEntry, ImageLayer } from '@longshore/engine/types';
import { maskedAssignments } from '../../lib/secrets.ts';

/** One step of how the image was made, lowest first. */
export interface LayerRow {
  /** As in a Dockerfile; empty when the image does not say. */
  readonly instruction: string;
  readonly createdAt: string | null;
  /** Undefined for a step that changed settings only. */
  readonly layer: ImageLayer | undefined;
}

/** The history beside its layers. One that does not match the layers in number says nothing about them. */
export function layerRows({ history, layers }: Pick<ImageDetails, 'history' | 'layers'>): LayerRow[] {
  if (history.filter((entry) => !entry.emptyLayer).length !== layers.length) {
    return layers.map((layer) => ({ instruction: '', createdAt: null, layer }));
  }
  let next = 0;
  return history.map((entry) => ({
    instruction: instructionOf(entry),
    createdAt: entry.createdAt,
    layer: entry.emptyLayer ? undefined : layers[next++],
  }));
}

/**
 * What was written in the Dockerfile: builders put the shell before it (`/bin/sh -c`), a mark that nothing was run
 * (`#(nop)`), the build arguments (`|1 A=b`), or their name after it (`# buildkit`).
 */
export function instructionOf({ createdBy, comment }: ImageHistoryEntry): string {
  const text = createdBy.trim().replace(/\s*# buildkit$/, '');
  const settings = /^\/bin\/sh -c #\(nop\)\s+(.*)$/s.exec(text);
  const ran = /^(?:RUN )?(?:\|\d+ .*?)?\/bin\/sh -c (.*)$/s.exec(text);
  const instruction = settings?.[1] ?? (ran?.[1] === undefined ? text : `RUN ${ran[1]}`);
  return maskedAssignments(instruction === '' ? comment : instruction);
}
