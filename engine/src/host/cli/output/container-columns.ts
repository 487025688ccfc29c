import type { ContainerSummary } from '../../../types/index.ts';
import { labelWords } from './label-words.ts';
import { portWords } from './port-words.ts';
import { statusWords } from './status.ts';
import type { Columns } from './template.ts';
import type { ContainerSizes } from './container-sizes.ts';
import { ago, humanSize } from './units.ts';

const COMMAND_WIDTH = 20;
const SHORT_ID = 12;

/** What docker's ps knows of a container. */
export function containerColumns(
  truncate: boolean,
  sizes: ContainerSizes | null = null,
): Columns<ContainerSummary> {
  return {
    ID: { heading: 'CONTAINER ID', value: ({ id }) => (truncate ? id.slice(0, SHORT_ID) : id) },
    Image: { heading: 'IMAGE', value: ({ image }) => image.reference },
    Command: { heading: 'COMMAND', value: ({ command }) => quoteCommand(command, truncate) },
    RunningFor: { heading: 'CREATED', value: ({ createdAt }) => ago(createdAt) },
    CreatedAt: { heading: 'CREATED AT', value: ({ createdAt }) => createdAt },
    Status: { heading: 'STATUS', value: ({ state }) => statusWords(state) },
    State: { heading: 'STATE', value: ({ state }) => state.status },
    Ports: { heading: 'PORTS', value: portWords },
    Size: { heading: 'SIZE', value: ({ id }) => sizeWords(sizes?.get(id)) },
    Names: { heading: 'NAMES', value: ({ name }) => name },
    Labels: { heading: 'LABELS', value: ({ labels }) => labelWords(labels) },
    Label: {
      heading: '',
      value: ({ labels }, key) => (Object.hasOwn(labels, key) ? (labels[key] ?? '') : ''),
    },
    Networks: {
      heading: 'NETWORKS',
      value: ({ networks }) => networks.map(({ name }) => name).join(','),
    },
  };
}

function quoteCommand(command: readonly string[], truncate: boolean): string {
  const words = command.join(' ').replaceAll(/\s+/g, ' ');
  const tooLong = truncate && words.length > COMMAND_WIDTH;
  return `"${tooLong ? `${words.slice(0, COMMAND_WIDTH - 1)}…` : words}"`;
}

/** As docker prints it: `12.3MB (virtual 80MB)`. */
function sizeWords(size: { readonly writable: number; readonly virtual: number } | undefined): string {
  return size === undefined ? '' : `${humanSize(size.writable)} (virtual ${humanSize(size.virtual)})`;
}
