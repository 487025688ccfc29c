import { EngineError } from '../errors/index.ts';

const DOCKER_HUB = 'docker.io';
/** Docker Hub's registry does not live at the name that references carry. */
const DOCKER_HUB_HOST = 'registry-1.docker.io';

/**
 * Where a registry may be found, in the order to try: over TLS, and in plain HTTP only on this machine or where the
 * person said so.
 */
export function endpointsOf(domain: string, insecure: boolean): readonly URL[] {
  const host = domain === DOCKER_HUB ? DOCKER_HUB_HOST : domain;
  const secure = new URL(`https://${host}/`);
  return insecure || isLoopback(secure) ? [secure, new URL(`http://${host}/`)] : [secure];
}

/** This machine, by name or address. */
export function isLoopback({ hostname }: URL): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}

/** 169.254.0.0/16 and fe80::/10, where clouds keep their metadata services; with IPv4 in IPv6's clothes. */
function isLinkLocal({ hostname }: URL): boolean {
  return hostname.startsWith('169.254.') || /^\[(?:fe[89ab][0-9a-f]:|::ffff:a9fe:)/.test(hostname);
}

/**
 * Checks an address that a registry tells us to go to, a redirect or a token server. From TLS it must stay on TLS, and
 * from another machine it must not point at this one or at link-local addresses.
 */
function checkOnward(from: URL, to: URL): URL {
  const refuse = (reason: string) =>
    new EngineError('unavailable', `The registry ${from.host} sends us to ${to.origin}, ${reason}.`, {
      detail: { step: 'redirect', path: to.origin },
      hint: 'Longshore does not follow it, to keep your credentials and your network safe.',
    });
  if (to.protocol !== 'https:' && to.protocol !== 'http:') throw refuse('which is no web address');
  if (from.protocol === 'https:' && to.protocol === 'http:') throw refuse('which is not encrypted');
  if (isLinkLocal(to)) throw refuse('a link-local address');
  if (isLoopback(to) && !isLoopback(from)) throw refuse('an address of this machine');
  return to;
}

/** Resolves a Location or a realm against the address that gave it. */
export function onwardUrl(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) {
    throw new EngineError(
      'unavailable',
      `The registry ${from.host} redirects to something that is no address.`,
      {
        detail: { step: 'redirect' },
      },
    );
  }
  const to = new URL(location, from);
  to.username = '';
  to.password = '';
  return checkOnward(from, to);
}
