import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const COOKIE = 'longshore_session';
const COOKIE_DAYS = 30;

/**
 * Who may use the dashboard: a browser that brought the one-time token of this start gets a session cookie, which
 * lives as long as the engine does. Neither is ever written to disk.
 */
export class Sessions {
  private token = randomBytes(32).toString('hex');
  private readonly sessions = new Set<string>();

  /** The token that the next browser needs; a new one each time it has been used. */
  get oneTimeToken(): string {
    return this.token;
  }

  /** The Set-Cookie value of a new session, or undefined when the token is wrong or used. */
  exchange(token: string): string | undefined {
    if (!sameSecret(token, this.token)) return undefined;
    this.token = randomBytes(32).toString('hex');
    const session = randomBytes(32).toString('hex');
    this.sessions.add(session);
    return `${COOKIE}=${session}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${COOKIE_DAYS * 86_400}`;
  }

  /** Whether a Cookie header carries a session. */
  knows(cookieHeader: string | undefined): boolean {
    const pairs = (cookieHeader ?? '').split(';').map((pair) => pair.trim());
    return pairs.some((pair) => {
      const [name, value = ''] = pair.split('=', 2);
      return name === COOKIE && [...this.sessions].some((session) => sameSecret(value, session));
    });
  }
}

/** Compares by digest, so that neither content nor length shows in the time it takes. */
function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
