/**
 * The dashboard's address carries a token in its fragment, which no server log ever sees. It is exchanged once for
 * an HttpOnly cookie and then taken out of the address and the history.
 */
export async function exchangeToken(): Promise<'ready' | 'refused'> {
  const token = tokenOf(location.hash);
  if (token === undefined) return 'ready';
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  const response = await fetch('./session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    credentials: 'same-origin',
    body: JSON.stringify({ token }),
  });
  return response.ok ? 'ready' : 'refused';
}

export function tokenOf(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token');
  return token === null || token === '' ? undefined : token;
}

/** Whether this browser holds a session: tells an expired link from an engine that is gone. */
export async function hasSession(): Promise<boolean> {
  const response = await fetch('./session', { credentials: 'same-origin', cache: 'no-store' });
  return response.status !== 401 && response.status !== 403;
}

export function doorAddress(page: Location): URL {
  const url = new URL('./door', page.href);
  url.hash = '';
  url.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}
