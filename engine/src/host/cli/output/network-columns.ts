import type { NetworkSummary } from '../../../types/index.ts';
import { labelWords } from './label-words.ts';
import type { Columns } from './template.ts';

const SHORT_ID = 12;

/** What docker's network ls knows of a network. */
export function networkColumns(truncate: boolean): Columns<NetworkSummary> {
  return {
    ID: { heading: 'NETWORK ID', value: ({ id }) => (truncate ? id.slice(0, SHORT_ID) : id) },
    Name: { heading: 'NAME', value: ({ name }) => name },
    Driver: { heading: 'DRIVER', value: ({ driver }) => driver },
    Scope: { heading: 'SCOPE', value: () => 'local' },
    IPv4: { heading: 'IPV4', value: ({ ipv4 }) => String(ipv4) },
    IPv6: { heading: 'IPV6', value: ({ ipv6 }) => String(ipv6) },
    Internal: { heading: 'INTERNAL', value: ({ internal }) => String(internal) },
    CreatedAt: { heading: 'CREATED AT', value: ({ createdAt }) => createdAt ?? '' },
    Labels: { heading: 'LABELS', value: ({ labels }) => labelWords(labels) },
    Label: {
      heading: '',
      value: ({ labels }, key) => (Object.hasOwn(labels, key) ? (labels[key] ?? '') : ''),
    },
  };
}
