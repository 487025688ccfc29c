import type { TrashedVolume, Volume } from '../../../types/index.ts';
import { labelWords } from './label-words.ts';
import type { Columns } from './template.ts';
import { ago, humanSize } from './units.ts';

const SHORT_ID = 12;

/** What docker's volume ls knows of a volume. */
export const VOLUME_COLUMNS: Columns<Volume> = {
  Driver: { heading: 'DRIVER', value: ({ driver }) => driver },
  Name: { heading: 'VOLUME NAME', value: ({ name }) => name },
  Scope: { heading: 'SCOPE', value: () => 'local' },
  Mountpoint: { heading: 'MOUNTPOINT', value: ({ mountpoint }) => mountpoint },
  CreatedAt: { heading: 'CREATED AT', value: ({ createdAt }) => createdAt },
  Links: { heading: 'LINKS', value: ({ usedBy }) => String(usedBy.length) },
  Labels: { heading: 'LABELS', value: ({ labels }) => labelWords(labels) },
  Label: {
    heading: '',
    value: ({ labels }, key) => (Object.hasOwn(labels, key) ? (labels[key] ?? '') : ''),
  },
};

export const TRASH_COLUMNS: Columns<TrashedVolume> = {
  ID: { heading: 'TRASH ID', value: ({ id }) => id.slice(0, SHORT_ID) },
  Name: { heading: 'VOLUME NAME', value: ({ name }) => name },
  Removed: { heading: 'REMOVED', value: ({ removedAt }) => ago(removedAt) },
  ExpiresAt: { heading: 'KEPT UNTIL', value: ({ expiresAt }) => expiresAt.slice(0, 10) },
  Size: { heading: 'SIZE', value: ({ sizeBytes }) => humanSize(sizeBytes) },
};
