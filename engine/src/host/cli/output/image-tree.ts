import { formatPlatform } from '../../../oci/index.ts';
import type { ImageSummary } from '../../../types/index.ts';
import { shortDigest } from './layer-lines.ts';
import { formatTable } from './table.ts';
import { humanSize } from './units.ts';

const HEADINGS = ['IMAGE', 'ID', 'DISK USAGE', 'IN USE'];

/** Each image with its names, and below it the platforms that it is made for, as docker's `images --tree`. */
export function imageTree(images: readonly ImageSummary[], truncate: boolean): readonly string[] {
  const shown = (id: string) => (truncate ? shortDigest(id) : id);
  const rows = images.flatMap(({ id, references, platform, platforms, sizeBytes, usedBy }) => {
    const inUse = usedBy.length > 0 ? 'yes' : '';
    const [first = '<untagged>', ...further] = references;
    const lines = platforms ?? [{ platform, id, sizeBytes }];
    return [
      [first, shown(id), humanSize(sizeBytes), inUse],
      ...further.map((name) => [name, '', '', '']),
      ...lines.map((line, index) => [
        `${index === lines.length - 1 ? '└─' : '├─'} ${formatPlatform(line.platform)}`,
        line.id === null ? 'not here' : shown(line.id),
        line.id === null ? '' : humanSize(line.sizeBytes),
        '',
      ]),
    ];
  });
  return formatTable(HEADINGS, rows).split('\n');
}
