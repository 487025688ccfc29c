import { describe, expect, it } from 'vitest';
import {
  familiarName,
  familiarReference,
  formatReference,
  parseReference,
  withDefaultTag,
} from './reference.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

describe('a reference', () => {
  it.each([
    ['debian', 'docker.io/library/debian'],
    ['debian:bookworm', 'docker.io/library/debian:bookworm'],
    ['library/debian', 'docker.io/library/debian'],
    ['team/app', 'docker.io/team/app'],
    ['docker.io/debian', 'docker.io/library/debian'],
    ['index.docker.io/debian', 'docker.io/library/debian'],
    ['docker.io/library/debian', 'docker.io/library/debian'],
    ['localhost/app', 'localhost/app'],
    ['localhost:5000/app', 'localhost:5000/app'],
    ['localhost:5000/app:1.0', 'localhost:5000/app:1.0'],
    ['127.0.0.1:5000/a/b/c:x', '127.0.0.1:5000/a/b/c:x'],
    ['[::1]:5000/app', '[::1]:5000/app'],
    ['ghcr.io/x/y:1', 'ghcr.io/x/y:1'],
    ['Registry/app', 'Registry/app'],
    [`debian@${DIGEST}`, `docker.io/library/debian@${DIGEST}`],
    [`ghcr.io/x/y:1@${DIGEST}`, `ghcr.io/x/y:1@${DIGEST}`],
    ['a_b/c--d/e.f/g__h', 'docker.io/a_b/c--d/e.f/g__h'],
    ['debian:V1_2.3-x', 'docker.io/library/debian:V1_2.3-x'],
    ['localhost', 'docker.io/library/localhost'],
    ['test:5000', 'docker.io/library/test:5000'],
  ])('%s means %s', (text, full) => {
    const reference = parseReference(text);
    expect(formatReference(reference)).toBe(full);
    expect(formatReference(parseReference(formatReference(reference)))).toBe(full);
    expect(parseReference(familiarReference(reference))).toEqual(reference);
  });

  it.each([
    ['', 'empty'],
    ['Debian', 'lower case'],
    ['ghcr.io/Team/app', 'lower case'],
    ['debian:', 'the tag'],
    ['debian:-x', 'the tag'],
    [`debian:${'x'.repeat(129)}`, 'the tag'],
    ['debian@sha256:abc', '"sha256:"'],
    [`debian@sha512:${'ab'.repeat(64)}`, '"sha256:"'],
    [`debian@md5:${'ab'.repeat(16)}`, '"sha256:"'],
    ['-debian', 'cannot be part'],
    ['a//b', 'empty part'],
    ['a/../b', 'cannot be part'],
    ['a/./b', 'cannot be part'],
    ['../../etc/passwd', 'not a host name'],
    ['/debian', 'cannot be part'],
    ['debian/', 'cannot be part'],
    ['a___b', 'cannot be part'],
    ['a..b/c', 'not a host name'],
    ['de bian', 'cannot be part'],
    ['debian\n', 'cannot be part'],
    ['http://debian', 'not a host name'],
    ['user:pass@host/app', 'not a host name'],
    ['ab'.repeat(32), 'image id'],
    [`host.io/${'a/'.repeat(200)}b`, 'longer than 255'],
    ['x'.repeat(5000), 'too long'],
  ])('%j is refused and says why', (text, why) => {
    expect(() => parseReference(text)).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }) as Error,
    );
    expect(() => parseReference(text)).toThrow(why);
  });

  it('has the tag latest only when it names neither tag nor digest', () => {
    expect(withDefaultTag(parseReference('debian')).tag).toBe('latest');
    expect(withDefaultTag(parseReference('debian:x')).tag).toBe('x');
    expect(withDefaultTag(parseReference(`debian@${DIGEST}`)).tag).toBeNull();
  });

  it('has a familiar form', () => {
    expect(familiarName(parseReference('docker.io/library/debian:x'))).toBe('debian');
    expect(familiarName(parseReference('docker.io/library/a/b'))).toBe('library/a/b');
    expect(familiarReference(parseReference('docker.io/team/app:1'))).toBe('team/app:1');
    expect(familiarReference(parseReference('ghcr.io/library/app'))).toBe('ghcr.io/library/app');
  });

  it('is safe in a path and a URL, whatever it was made from', () => {
    const alphabet = [...Array.from('aZ0/:@.-_[] %?#\\\n\u0000é'), '..', '//', 'sha256:', 'localhost'];
    let state = 42;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state % below;
    };
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: random(12) }, () => alphabet[random(alphabet.length)]).join('');
      try {
        const { path, tag } = parseReference(text);
        expect(path).toMatch(/^[a-z0-9]([a-z0-9._/-]*[a-z0-9])?$/);
        expect(path).not.toMatch(/\.\.|\/\/|\/\./);
        expect(tag ?? 'x').toMatch(/^\w[\w.-]*$/);
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'invalid-argument' });
      }
    }
  });
});
