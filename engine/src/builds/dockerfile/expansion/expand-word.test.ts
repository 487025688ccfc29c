import { describe, expect, it } from 'vitest';
import { LIMITS } from '../limits.ts';
import { Reason } from '../problems/reason.ts';
import { expandWord } from './expand-word.ts';

const VALUES: Readonly<Record<string, string>> = {
  A: 'apple',
  EMPTY: '',
  SPACED: 'x  y ',
  PATH: '/usr/local/bin:/usr/bin:/bin',
  FILE: 'dir/archive.tar.gz',
  STAR: 'a*b*c',
  größe: '12',
  Q: `"quoted"`,
};

const lookup = (name: string): string | undefined => VALUES[name];

function expanded(text: string): string {
  return expandWord(text, { escape: '\\', lookup }).text;
}

describe('expansion', () => {
  it.each<readonly [string, string]>([
    // Plain
    ['', ''],
    ['abc', 'abc'],
    ['$A', 'apple'],
    ['${A}', 'apple'],
    ['x$A/y', 'xapple/y'],
    ['$A$A', 'appleapple'],
    ['$A-$B', 'apple-'],
    ['${A}s', 'apples'],
    ['$As', ''],
    ['$', '$'],
    ['a$', 'a$'],
    ['$ A', '$ A'],
    ['$größe', '12'],
    ['$1A', 'A'],
    ['$@', ''],
    ['日本$A', '日本apple'],
    ['🚀${A}🚀', '🚀apple🚀'],
    // Quotes and escapes
    ['"$A"', 'apple'],
    ["'$A'", '$A'],
    ['"a\'b"', "a'b"],
    ["'a\"b'", 'a"b'],
    ['\\$A', '$A'],
    ['"\\$A"', '$A'],
    ['a\\b', 'ab'],
    ['"a\\b"', 'a\\b'],
    ['"a\\"b"', 'a"b'],
    ['"a\\\\b"', 'a\\b'],
    ["'a\\b'", 'a\\b'],
    ['a\\ b', 'a b'],
    ['a\\', 'a'],
    ['$Q', '"quoted"'],
    ['"a"\'b\'c', 'abc'],
    // Defaults
    ['${B:-d}', 'd'],
    ['${B-d}', 'd'],
    ['${EMPTY:-d}', 'd'],
    ['${EMPTY-d}', ''],
    ['${A:-d}', 'apple'],
    ['${B:-}', ''],
    ['${B:-$A}', 'apple'],
    ['${B:-${C:-${A}}}', 'apple'],
    ['${B:-a b}', 'a b'],
    ['${B:-"}"}', '}'],
    ['${B:-\\}}', '}'],
    // Alternatives
    ['${A:+d}', 'd'],
    ['${A+d}', 'd'],
    ['${EMPTY:+d}', ''],
    ['${EMPTY+d}', 'd'],
    ['${B:+d}', ''],
    ['${B+d}', ''],
    ['${A:+<$A>}', '<apple>'],
    // Required
    ['${A:?no}', 'apple'],
    ['${EMPTY?no}', ''],
    // Prefixes
    ['${PATH#*:}', '/usr/bin:/bin'],
    ['${PATH##*:}', '/bin'],
    ['${FILE#dir/}', 'archive.tar.gz'],
    ['${FILE##*/}', 'archive.tar.gz'],
    ['${FILE#x}', 'dir/archive.tar.gz'],
    ['${A#?}', 'pple'],
    ['${A#*p}', 'ple'],
    ['${A##*p}', 'le'],
    ['${A#*}', 'apple'],
    ['${A##*}', ''],
    ['${A#$A}', ''],
    ['${B#x}', ''],
    // Suffixes
    ['${FILE%.*}', 'dir/archive.tar'],
    ['${FILE%%.*}', 'dir/archive'],
    ['${FILE%/*}', 'dir'],
    ['${PATH%%:*}', '/usr/local/bin'],
    ['${A%e}', 'appl'],
    ['${A%??}', 'app'],
    ['${A%p*}', 'ap'],
    ['${A%%p*}', 'a'],
    ['${STAR%\\**}', 'a*b'],
    ['${STAR%%\\**}', 'a'],
    // Replacements
    ['${A/p/b}', 'abple'],
    ['${A//p/b}', 'abble'],
    ['${A/p*/}', 'a'],
    ['${A//[/x}', 'apple'],
    ['${PATH//:/ }', '/usr/local/bin /usr/bin /bin'],
    ['${PATH//\\/usr/}', '/local/bin:/bin:/bin'],
    ['${STAR//\\*/-}', 'a-b-c'],
    ['${A/?/$B}', 'pple'],
    ['${A//./-}', 'apple'],
    ['${B/a/b}', ''],
  ])('%j is %j', (text, expected) => {
    expect(expanded(text)).toBe(expected);
  });

  it.each<readonly [string, string]>([
    ["'a", "A ' has no second one."],
    ['"a', 'A " has no second one.'],
    ['${', 'A "}" is missing behind "${".'],
    ['${A', 'A "}" is missing behind "${A".'],
    ['${A:', 'A "}" is missing behind "${A".'],
    ['${A:-b', 'A "}" is missing behind "${".'],
    ['${A/b}', 'A "/" is missing behind "${".'],
    ['${A/b/c', 'A "}" is missing behind "${".'],
    ['${}', '"${" has no name behind it.'],
    ['${{A}}', '"${" has no name behind it.'],
    ['${:-x}', '"${" has no name behind it.'],
    ['${A=b}', '"${A=" has no operator that is known.'],
    ['${A:=b}', '"${A:=" has no operator that is known.'],
    ['${A:#b}', '"${A:#" has no operator that is known.'],
    ['${A.b}', '"${A." has no operator that is known.'],
    ['${B?}', 'B: is not allowed to be unset'],
    ['${B:?}', 'B: is not allowed to be unset'],
    ['${EMPTY:?}', 'EMPTY: is not allowed to be empty'],
    ['${B:?give $A}', 'B: give apple'],
    ['${A#\\x}', 'The pattern has "\\x".'],
  ])('%j is refused', (text, message) => {
    expect(() => expanded(text)).toThrow(expect.objectContaining({ name: 'Reason', message }));
  });

  it.each<readonly [string, readonly string[]]>([
    ['a b', ['a', 'b']],
    ['$SPACED', ['x', 'y']],
    ['"$SPACED"', ['x  y ']],
    ['a$SPACED', ['ax', 'y']],
    ['a\\ b', ['a b']],
    ['"" $B', []],
  ])('%j has the words %j', (text, expected) => {
    expect(expandWord(text, { escape: '\\', lookup }).words).toEqual(expected);
  });

  it('tells which variables were set and which were not', () => {
    const { used, unset } = expandWord('$A $B ${C:-$A}', { escape: '\\', lookup });
    expect([[...used], [...unset]]).toEqual([['A'], ['B', 'C']]);
  });

  it('has the escape character of the file', () => {
    expect(expandWord('c:\\x `$A', { escape: '`', lookup }).text).toBe('c:\\x $A');
  });

  it('leaves quotes of a here-document alone', () => {
    expect(expandWord(`"$A" 'it' \\$A`, { escape: '\\', lookup, keepQuotes: true }).text).toBe(
      `"apple" 'it' $A`,
    );
  });
});

describe('bounds of expansion', () => {
  const nested = (depth: number): string => '${B:-'.repeat(depth) + 'x' + '}'.repeat(depth);

  it('allow words in words to a depth, and no deeper', () => {
    expect(expanded(nested(LIMITS.nesting))).toBe('x');
    expect(() => expanded(nested(100_000))).toThrow(Reason);
  });

  it('stop a value that doubles and doubles', () => {
    let value = 'x'.repeat(1000);
    const double = (): void => {
      for (let round = 0; round < 60; round++)
        value = expandWord('$V$V', { escape: '\\', lookup: () => value }).text;
    };
    expect(double).toThrow('grows beyond');
  });

  it('stop a replacement that grows', () => {
    const values = (): string => 'a'.repeat(100_000);
    expect(() => expandWord('${V//a/$V}', { escape: '\\', lookup: values })).toThrow('grows beyond');
  });

  it('stop patterns that compare too much', () => {
    const value = 'a'.repeat(100_000);
    const pattern = `*${'a'.repeat(50_000)}b`;
    expect(() => expandWord(`\${V#${pattern}}`, { escape: '\\', lookup: () => value })).toThrow(
      'take too long',
    );
  });

  it('do not stop many stars, which are a trap for patterns that go back', () => {
    const value = 'a'.repeat(10_000);
    expect(expandWord(`\${V#${'*a'.repeat(100)}b}`, { escape: '\\', lookup: () => value }).text).toBe(value);
  });
});
