import { describe, expect, it } from 'vitest';
import { looksSecret, parseEnv } from './secrets.ts';

describe('looksSecret', () => {
  it.each(['POSTGRES_PASSWORD', 'API_KEY', 'apiKey', 'GITHUB_TOKEN', 'client_secret', 'AUTH'])(
    'masks %s',
    (name) => expect(looksSecret(name)).toBe(true),
  );
  it.each(['PATH', 'TZ', 'PORT', 'NODE_ENV', 'KEYBOARD'])('shows %s', (name) =>
    expect(looksSecret(name)).toBe(false),
  );
});

it('cuts a variable at its first equals sign only', () => {
  expect(parseEnv('OPTS=-a=b')).toEqual({ name: 'OPTS', value: '-a=b', secret: false });
});
