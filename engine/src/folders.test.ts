import { describe, expect, it } from 'vitest';
import { defaultDataDir, defaultRunDir, resolveFolders } from './folders.ts';

const user = { uid: 1000, home: '/home/ada', env: {} };

describe('default folders', () => {
  it('are the system places for root, whatever its environment says', () => {
    const root = { uid: 0, home: '/root', env: { XDG_DATA_HOME: '/x', XDG_RUNTIME_DIR: '/y' } };
    expect(defaultDataDir(root)).toBe('/var/lib/longshore');
    expect(defaultRunDir(root)).toBe('/run/longshore');
  });

  it("are XDG's for a user", () => {
    const env = { XDG_DATA_HOME: '/data/ada', XDG_RUNTIME_DIR: '/run/user/1000' };
    expect(defaultDataDir({ ...user, env })).toBe('/data/ada/longshore');
    expect(defaultRunDir({ ...user, env })).toBe('/run/user/1000/longshore');
  });

  it('fall back to the home folder', () => {
    expect(defaultDataDir(user)).toBe('/home/ada/.local/share/longshore');
    expect(defaultRunDir(user)).toBe('/home/ada/.local/share/longshore/run');
  });

  it('ignore a relative XDG folder', () => {
    expect(defaultDataDir({ ...user, env: { XDG_DATA_HOME: 'data' } })).toBe(
      '/home/ada/.local/share/longshore',
    );
  });
});

describe('--data and --run', () => {
  it('with --data alone the sockets move too', () => {
    expect(resolveFolders({ data: '/x' })).toEqual({ dataDir: '/x', runDir: '/x/run' });
  });

  it('with both, each is where it was said', () => {
    expect(resolveFolders({ data: '/x', run: '/y' })).toEqual({ dataDir: '/x', runDir: '/y' });
  });
});
