import { describe, expect, it } from 'vitest';
import { EngineError } from '../../errors/index.ts';
import { cleanPath } from './clean-path.ts';
import { ignoreFileNames, IgnoreRules } from './index.ts';

describe('one pattern', () => {
  it.each<readonly [pattern: string, ignored: readonly string[], kept: readonly string[]]>([
    ['a', ['a', 'a/b', 'a/b/c', '/a', './a'], ['ab', 'b/a', '.']],
    ['/a', ['a'], ['b/a']],
    ['a/', ['a', 'a/b'], ['ab']],
    ['./a/../b', ['b'], ['a']],
    ['  a b\t', ['a b'], ['a']],
    ['a/b', ['a/b', 'a/b/c'], ['a', 'b', 'x/a/b']],
    ['*', ['a', 'a/b', '.git'], ['.']],
    ['*.md', ['x.md', '.md', 'x.md/y'], ['a/x.md', 'x.mdx']],
    ['*/*.md', ['a/x.md'], ['x.md', 'a/b/x.md']],
    ['a*c', ['ac', 'abc', 'abcc'], ['a/c', 'abcd']],
    ['a*b*c', ['abc', 'axbxc', 'abbcc/y'], ['acb']],
    ['temp?', ['temp1', 'temp_/x'], ['temp', 'temp12', 'temp/']],
    ['**', ['a', 'a/b'], ['.']],
    ['**/a', ['a', 'x/a', 'x/y/a', 'x/a/z'], ['xa', 'ab']],
    ['**/*.go', ['a.go', 'x/y/a.go'], ['a.gox']],
    ['**.go', ['a.go', 'x/a.go'], ['a.gox']],
    ['**/a/**', ['a/b', 'x/a/b'], ['b']],
    ['a/**', ['a/b', 'a/b/c'], ['a', 'b/a/c']],
    ['a**', ['a', 'ab', 'a/b'], ['b']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/xb', 'ab']],
    ['a/**/b/**/c', ['a/b/c', 'a/x/b/y/z/c'], ['a/c/b']],
    ['a**b', ['ab', 'ax/b'], ['axb']],
    ['**/.git', ['.git', 'x/.git/config'], ['x.git']],
    ['[ab]c', ['ac', 'bc'], ['cc']],
    ['[a-c][^x]', ['ay', 'cy'], ['ax', 'dy']],
    ['[\\]]', [']'], ['\\']],
    ['\\*', ['*'], ['a']],
    ['a\\?', ['a?'], ['ab']],
    ['\\!a', ['!a'], ['a']],
    ['a.b', ['a.b'], ['axb']],
    ['(a|b)+$^', ['(a|b)+$^'], ['a']],
    ['..', [], ['a', '..a']],
    ['größe', ['größe'], ['grosse']],
    ['?', ['🚀', 'x'], ['xy']],
  ])('%j', (pattern, ignored, kept) => {
    const rules = IgnoreRules.parse(pattern);
    expect(ignored.filter((path) => !rules.match(path).ignored)).toEqual([]);
    expect(kept.filter((path) => rules.match(path).ignored)).toEqual([]);
  });
});

describe('several rules', () => {
  it.each<readonly [file: string, path: string, line: number | null, ignored: boolean]>([
    ['a\nb', 'b', 2, true],
    ['a\n!a', 'a', 2, false],
    ['!a\na', 'a', 2, true],
    ['*.md\n!README.md', 'README.md', 2, false],
    ['*.md\n!README*.md\nREADME-secret.md', 'README-secret.md', 3, true],
    ['*.md\nREADME-secret.md\n!README*.md', 'README-secret.md', 3, false],
    ['a\n!a/b', 'a/b', 2, false],
    ['a\n!a/b', 'a/c', 1, true],
    ['a\n! a/b', 'a/b', 2, false],
    ['*\n!src\nsrc/x', 'src/y', 2, false],
    ['*\n!src\nsrc/x', 'src/x/z', 3, true],
    ['a\na', 'a', 1, true],
    ['#a\n\n \na', 'a', 4, true],
    [' #a', '#a', 1, true],
    ['\uFEFF#a\nb', 'b', 2, true],
    ['a\r\nb\r\n', 'b', 2, true],
    ['!a', 'a', null, false],
    ['', 'a', null, false],
  ])('%j for %j: line %j decides', (file, path, line, ignored) => {
    const decision = IgnoreRules.parse(file).match(path);
    expect([decision.rule?.line ?? null, decision.ignored]).toEqual([line, ignored]);
  });
});

describe('a folder', () => {
  it.each<readonly [file: string, folder: string, left: boolean]>([
    ['a', 'a', true],
    ['a', 'b', false],
    ['a\n!a/b', 'a', false],
    ['a\n!b', 'a', true],
    ['*\n!a/b/c', 'a', false],
    ['*\n!a/b/c', 'x', true],
    ['*\n!**/keep', 'x', false],
    ['!a/b\na', 'a', true],
    ['*\n!*.md', 'docs', true],
  ])('of %j: %j can be left out with all in it: %j', (file, folder, left) => {
    expect(IgnoreRules.parse(file).ignoresTree(folder)).toBe(left);
  });
});

describe('a file that cannot be read', () => {
  it.each<readonly [name: string, file: string, message: string]>([
    ['a lone !', 'a\n!', 'Line 2 of .dockerignore: "!" stands alone.'],
    ['an open class', '[', 'Line 1 of .dockerignore: "[" is no pattern.'],
    ['an open range', '[a-', 'Line 1'],
    ['an empty class', '[]a]', 'Line 1'],
    ['a range backwards', '[z-a]', 'Line 1'],
    ['a lone backslash', 'a\\', 'Line 1'],
    ['too many rules', 'a\n'.repeat(10_001), 'more than 10000 rules'],
    ['a long pattern', 'x'.repeat(5000), 'longer than 4096'],
    ['a long file', '\n'.repeat(2_000_000), 'longer than'],
  ])('%s', (_name, file, message) => {
    expect(() => IgnoreRules.parse(file)).toThrow(EngineError);
    expect(() => IgnoreRules.parse(file)).toThrow(message);
  });
});

describe('patterns that are a trap for those that go back', () => {
  it.each([
    ['stars', '*a'.repeat(200)],
    ['folders', `${'**/a/'.repeat(100)}b`],
    ['both', `${'**/*a*/'.repeat(60)}b`],
  ])('%s', (_name, pattern) => {
    // Every star could take any part of the path; walked once with all of them, it is done at once.
    const rules = IgnoreRules.of([pattern]);
    expect(rules.match(`${'a'.repeat(2000)}c`).ignored).toBe(false);
    expect(rules.match(`${'a/'.repeat(1000)}c`).ignored).toBe(false);
  });
});

describe('paths', () => {
  it.each([
    ['', '.'],
    ['a//b/./c/..', 'a/b'],
    ['../a', '../a'],
    ['/../a', '/a'],
    ['a/../..', '..'],
    ['/', '/'],
  ])('%j is %j', (path, cleaned) => {
    expect(cleanPath(path)).toBe(cleaned);
  });

  it('of rules are beside the Dockerfile, then at the root', () => {
    expect(ignoreFileNames('docker/app.Dockerfile')).toEqual([
      'docker/app.Dockerfile.dockerignore',
      '.dockerignore',
    ]);
  });
});
