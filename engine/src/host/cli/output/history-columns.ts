import type { ImageHistoryLine } from '../../../types/index.ts';
import { shortDigest } from './layer-lines.ts';
import type { Columns } from './template.ts';
import { ago, humanSize } from './units.ts';

const MISSING = '<missing>';
const CREATED_BY_WIDTH = 45;

export interface HistoryStyle {
  /** Ids and commands cut short. */
  readonly truncate: boolean;
  /** Sizes and times in words. */
  readonly human: boolean;
}

/** What docker's history knows of a step. */
export function historyColumns({ truncate, human }: HistoryStyle): Columns<ImageHistoryLine> {
  return {
    ID: {
      heading: 'IMAGE',
      value: ({ imageId }) => (imageId === null ? MISSING : truncate ? shortDigest(imageId) : imageId),
    },
    CreatedSince: {
      heading: human ? 'CREATED' : 'CREATED AT',
      value: ({ createdAt }) => (human ? ago(createdAt) : (createdAt ?? 'N/A')),
    },
    CreatedAt: { heading: 'CREATED AT', value: ({ createdAt }) => createdAt ?? 'N/A' },
    CreatedBy: { heading: 'CREATED BY', value: ({ createdBy }) => commandWords(createdBy, truncate) },
    Size: {
      heading: 'SIZE',
      value: ({ sizeBytes }) => (human ? humanSize(sizeBytes) : String(sizeBytes)),
    },
    Comment: { heading: 'COMMENT', value: ({ comment }) => comment },
    Layer: {
      heading: 'LAYER',
      value: ({ layer }) => (layer === null ? '' : truncate ? shortDigest(layer.diffId) : layer.diffId),
    },
  };
}

function commandWords(createdBy: string, truncate: boolean): string {
  const words = createdBy.replaceAll(/\s+/g, ' ');
  const isTooLong = truncate && words.length > CREATED_BY_WIDTH;
  return isTooLong ? `${words.slice(0, CREATED_BY_WIDTH - 1)}…` : words;
}
