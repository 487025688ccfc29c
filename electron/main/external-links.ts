import { networkInterfaces } from 'node:os';

/**
 * What becomes of a link: a published port of this machine is opened at once. A link that
 * stands in a log or a terminal was written by a container: a person is asked, with the whole address before them.
 */
export type LinkVerdict =
  { readonly kind: 'open' | 'ask'; readonly url: string } | { readonly kind: 'ignore' };

export function judgeLink(link: unknown, ownAddresses: ReadonlySet<string>): LinkVerdict {
  if (typeof link !== 'string' || !URL.canParse(link)) return { kind: 'ignore' };
  const { protocol, hostname, username, password, href } = new URL(link);
  if (protocol !== 'http:' && protocol !== 'https:') return { kind: 'ignore' };
  // Whoever has a name before the host wants to look like another host.
  if (username !== '' || password !== '') return { kind: 'ignore' };
  const isOwn = isLoopback(hostname) || ownAddresses.has(hostname.replace(/^\[|\]$/g, ''));
  return { kind: isOwn ? 'open' : 'ask', url: href };
}

/** Bare, of all interfaces, as a URL has them. */
export function machineAddresses(): ReadonlySet<string> {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return new Set(all.map(({ address }) => address));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
