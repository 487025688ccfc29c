import { describe, expect, it } from 'vitest';
import { looksSecret, MASK, maskedEnv, parseEnv } from './secrets.ts';

describe('looksSecret', () => {
  it.each([
    'POSTGRES_PASSWORD', 'PGPASSWORD', 'DB_PASS', 'API_KEY', 'apiKey', 'signing.key', 'SSH_KEY', 'KEY',
    'GITHUB_TOKEN', 'client_secret', 'clientSecret', 'AUTH', 'SESSION_COOKIE',
  ])('masks %s', (name) => expect(looksSecret(name)).toBe(true)); // prettier-ignore
  it.each([
    'PATH', 'TZ', 'PORT', 'NODE_ENV', 'KEYBOARD', 'MONKEY', 'COMPASS_MODE', 'PUBLIC_KEY',
    'org.opencontainers.image.authors',
  ])('shows %s', (name) => expect(looksSecret(name)).toBe(false)); // prettier-ignore
});

describe('parseEnv', () => {
  it('cuts a variable at its first equals sign only', () => {
    expect(parseEnv('OPTS=-a=b')).toEqual({ name: 'OPTS', value: '-a=b', secret: false });
  });

  it('takes an address with a password in it for a secret', () => {
    expect(parseEnv('DATABASE_URL=postgres://shop:hunter2@db/shop').secret).toBe(true);
    expect(parseEnv('DATABASE_URL=postgres://shop@db:5432/shop').secret).toBe(false);
  });

  it('has nothing to hide where there is no value', () => {
    expect(parseEnv('PASSWORD=').secret).toBe(false);
    expect(parseEnv('PASSWORD').secret).toBe(false);
  });
});

it('masks the value and keeps the name', () => {
  expect(maskedEnv('DB_PASSWORD=a=b')).toBe(`DB_PASSWORD=${MASK}`);
  expect(maskedEnv('TZ=UTC')).toBe('TZ=UTC');
});
