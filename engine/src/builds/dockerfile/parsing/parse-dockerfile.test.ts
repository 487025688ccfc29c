import { describe, expect, it } from 'vitest';
import { isEngineError } from '../../../errors/index.ts';
import { LIMITS } from '../limits.ts';
import { DockerfileError } from '../problems/dockerfile-error.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import { parseDockerfile } from './parse-dockerfile.ts';
import { parseTrigger } from './parse-trigger.ts';

function failure(source: string): DockerfileError {
  try {
    parseDockerfile(source);
  } catch (error) {
    if (error instanceof DockerfileError) return error;
    throw error;
  }
  throw new Error('the file was read');
}

/** Each problem as `line:column-endcolumn message`. */
function problems(source: string): readonly string[] {
  return failure(source).problems.map(
    ({ range: { start, end }, message }) => `${start.line}:${start.column}-${end.column} ${message}`,
  );
}

/** The instructions of the only stage, as one line each. */
function sources(source: string): readonly string[] {
  return parseDockerfile(source).stages.flatMap((stage) => stage.instructions.map((each) => each.source));
}

describe('structure', () => {
  const file: Dockerfile = parseDockerfile('ARG V=1\nFROM a AS One\nRUN x\nFROM b\nARG V\n');

  it('parts the file into global arguments and stages', () => {
    expect(file.globalArgs.map(({ source }) => source)).toEqual(['ARG V=1']);
    expect(file.stages.map(({ index, name }) => [index, name])).toEqual([
      [0, 'one'],
      [1, null],
    ]);
    expect(file.stages[1]?.instructions.map(({ kind }) => kind)).toEqual(['arg']);
  });

  it.each<readonly [string, string, readonly string[]]>([
    ['joins continued lines', 'FROM a\nRUN a \\\n  b\\\nc', ['RUN a   bc']],
    ['leaves comments inside out', 'FROM a\nRUN a \\\n# no\n  # no\n b', ['RUN a  b']],
    ['allows blanks behind the mark', 'FROM a\nRUN a \\ \t\n b', ['RUN a  b']],
    ['takes two marks as meant', 'FROM a\nRUN a \\\\\nRUN b', ['RUN a \\\\', 'RUN b']],
    ['leaves blank lines inside out', 'FROM a\nRUN a \\\n\n\n b', ['RUN a  b']],
    ['reads CRLF', 'FROM a\r\nRUN a \\\r\n b\r\n', ['RUN a  b']],
    ['reads a file that ends in a mark', 'FROM a\nRUN a \\', ['RUN a']],
    ['reads a byte order mark', '\uFEFFFROM a\nRUN b', ['RUN b']],
    ['keeps # inside a line', 'FROM a\nRUN a # b', ['RUN a # b']],
    [
      'has another escape character',
      '# escape=`\nFROM a\nRUN a `\n b\nRUN c\\\nUSER d',
      ['RUN a  b', 'RUN c\\', 'USER d'],
    ],
    ['keeps a comment of a here-document', 'FROM a\nRUN <<E\n# x\nE\nRUN y', ['RUN <<E', 'RUN y']],
  ])('%s', (_name, source, expected) => {
    expect(sources(source)).toEqual(expected);
  });

  it('notes blank lines inside continued ones', () => {
    const { emptyContinuations } = parseDockerfile('FROM a\nRUN a \\\n\n b');
    expect(emptyContinuations.map(({ start }) => start.line)).toEqual([3]);
  });

  it('gives an instruction the comments right above it', () => {
    const { stages } = parseDockerfile('# far\n\n# near\n# nearer\nFROM a\n#\nRUN b');
    expect(stages[0]?.from.comments).toEqual(['near', 'nearer']);
    expect(stages[0]?.instructions[0]?.comments).toEqual([]);
  });
});

describe('directives', () => {
  const read = (source: string) => {
    const { syntax, escape, check } = parseDockerfile(`${source}\nFROM a`).directives;
    return [syntax?.text ?? null, escape, check?.text ?? null];
  };

  it.each<readonly [string, readonly (string | null)[]]>([
    ['# syntax=docker/dockerfile:1', ['docker/dockerfile:1', '\\', null]],
    ['#Syntax = a\n# ESCAPE=`\n#check=skip=all;error=true', ['a', '`', 'skip=all;error=true']],
    ['# comment\n# escape=`', [null, '\\', null]],
    ['\n# escape=`', [null, '\\', null]],
    ['# unknown=1\n# escape=`', [null, '\\', null]],
    ['#!/usr/bin/env x\n# syntax=a', ['a', '\\', null]],
    ['# syntax=', [null, '\\', null]],
  ])('%j', (source, expected) => {
    expect(read(source)).toEqual(expected);
  });
});

describe('problems', () => {
  it.each<readonly [string, string]>([
    ['', '1:1-1 The Dockerfile has no instructions.'],
    ['# only\n# comments', '1:1-1 The Dockerfile has no instructions.'],
    ['ARG A', '1:1-1 The Dockerfile has no FROM.'],
    ['RUN x', '1:1-4 RUN stands before the first FROM.'],
    ['# escape=x\nFROM a', '1:10-11 "x" cannot be the escape character.'],
    ['# escape=`\n# escape=`\nFROM a', '2:10-11 The directive escape may be given only once.'],
    ['FROM a\nRUNN x', '2:1-5 There is no instruction "RUNN". Did you mean RUN?'],
    ['FROM a\n  quux x', '2:3-7 There is no instruction "quux".'],
    ['FROM', '1:1-5 FROM needs an image.'],
    ['FROM a b', '1:8-9 FROM takes an image, or an image, AS and a name.'],
    ['FROM a AS', '1:8-10 FROM takes an image, or an image, AS and a name.'],
    ['FROM a AS b c', '1:8-14 FROM takes an image, or an image, AS and a name.'],
    ['FROM a AS 1b', '1:11-13 "1b" cannot be the name of a stage.'],
    ['FROM --platfrom=x a', '1:6-18 FROM has no flag --platfrom. Did you mean --platform?'],
    ['FROM a\nARG', '2:1-4 ARG needs a name.'],
    ['FROM a\nARG =x', '2:5-7 A name of ARG is empty.'],
    ['FROM a\nENV', '2:1-4 ENV needs a key and a value.'],
    ['FROM a\nENV A', '2:5-6 "A" has no value.'],
    ['FROM a\nENV A=1 B', '2:9-10 "B" has no "=".'],
    ['FROM a\nLABEL =x', '2:7-9 A name of LABEL is empty.'],
    ['FROM a\nLABEL --x a=b', '2:7-10 LABEL has no flag --x.'],
    ['FROM a\nCOPY a', '2:1-5 COPY needs a source and a destination.'],
    ['FROM a\nCOPY ["a"]', '2:1-5 COPY needs a source and a destination.'],
    ['FROM a\nCOPY ["a", 1]', '2:6-14 COPY has a JSON array with something that is no string.'],
    ['FROM a\nCOPY --form=x a b', '2:6-14 COPY has no flag --form. Did you mean --from?'],
    ['FROM a\nCOPY --from a b', '2:6-12 The flag --from has no value.'],
    ['FROM a\nCOPY --from=$X a b', '2:13-15 --from takes no variables.'],
    ['FROM a\nCOPY --link=maybe a b', '2:6-18 "maybe" is no value of --link.'],
    ['FROM a\nCOPY --chown=a --chown=b a b', '2:16-25 The flag --chown is given twice.'],
    ['FROM a\nCOPY --chmod=999 a b', '2:14-17 "999" is no file mode.'],
    ['FROM a\nCOPY --chmod=10000 a b', '2:14-19 "10000" is no file mode.'],
    ['FROM a\nCOPY --checksum=x a b', '2:6-18 COPY has no flag --checksum.'],
    ['FROM a\nADD --from=x a b', '2:5-13 ADD has no flag --from.'],
    ['FROM a\nCOPY a <<E\nE', '2:8-11 A here-document cannot be the destination.'],
    ['FROM a\nRUN <<E\nx', '2:5-8 The here-document E does not end.'],
    ['FROM a\nRUN [1]', '2:5-8 RUN has a JSON array with something that is no string.'],
    ['FROM a\nRUN --network=x y', '2:15-16 "x" is no value of --network.'],
    ['FROM a\nRUN --security=x y', '2:16-17 "x" is no value of --security.'],
    ['FROM a\nRUN --mount=type=x y', '2:13-19 "x" is no type of a mount.'],
    ['FROM a\nRUN --mount=typ=bind y', '2:13-21 There is no mount option "typ". Did you mean type?'],
    ['FROM a\nRUN --mount=from=$X y', '2:13-20 from= takes no variables.'],
    ['FROM a\nRUN --mount=type=secret y', '2:13-24 A secret mount needs an id or a target.'],
    ['FROM a\nRUN --mount=type=bind,uid=1 y', '2:13-28 A mount of type bind has no option "uid".'],
    ['FROM a\nRUN --mount=target y', '2:13-19 The mount option "target" has no value.'],
    ['FROM a\nRUN --mount=type=cache,sharing=x y', '2:13-33 "x" is no sharing of a mount.'],
    ['FROM a\nRUN --mount=type=tmpfs,size=x y', '2:13-30 "x" is no size.'],
    ['FROM a\nRUN --mount=type=ssh,mode=9 y', '2:13-28 "9" is no mode.'],
    ['FROM a\nRUN --device= y', '2:14-14 --device names no device.'],
    ['FROM a\nSHELL bash', '2:7-11 SHELL takes JSON only.'],
    ['FROM a\nSHELL []', '2:1-6 SHELL needs a program.'],
    ['FROM a\nEXPOSE', '2:1-7 EXPOSE needs a port.'],
    ['FROM a\nVOLUME', '2:1-7 VOLUME needs a path.'],
    ['FROM a\nVOLUME ["a", " "]', '2:14-17 A path of VOLUME is empty.'],
    ['FROM a\nUSER', '2:1-5 USER has no argument.'],
    ['FROM a\nHEALTHCHECK', '2:1-12 HEALTHCHECK needs CMD or NONE.'],
    ['FROM a\nHEALTHCHECK NONE x', '2:18-19 HEALTHCHECK NONE takes nothing else.'],
    ['FROM a\nHEALTHCHECK CMD', '2:13-16 CMD has no command.'],
    ['FROM a\nHEALTHCHECK TCP 1', '2:13-16 HEALTHCHECK knows no "TCP".'],
    ['FROM a\nHEALTHCHECK --interval=1x CMD y', '2:24-26 "1x" is no duration.'],
    ['FROM a\nHEALTHCHECK --interval=1us CMD y', '2:24-27 The duration 1us is below 1ms.'],
    ['FROM a\nHEALTHCHECK --retries=-1 CMD y', '2:23-25 "-1" is no number of retries.'],
    ['FROM a\nONBUILD', '2:1-8 ONBUILD needs an instruction.'],
    ['FROM a\nONBUILD ONBUILD RUN x', '2:9-16 ONBUILD cannot be a trigger of ONBUILD.'],
    ['FROM a\nONBUILD FROM x', '2:9-13 FROM cannot be a trigger of ONBUILD.'],
    ['FROM a\nONBUILD maintainer x', '2:9-19 MAINTAINER cannot be a trigger of ONBUILD.'],
  ])('%j', (source, expected) => {
    expect(problems(source)).toEqual([expected]);
  });

  it('are all told, in their order', () => {
    expect(problems('FROM a\nCOPY b\nRUN ok\nFOO\nUSER')).toEqual([
      '2:1-5 COPY needs a source and a destination.',
      '4:1-4 There is no instruction "FOO".',
      '5:1-5 USER has no argument.',
    ]);
  });

  it('stop at a bound', () => {
    expect(failure(`FROM a\n${'FOO\n'.repeat(1000)}`).problems).toHaveLength(LIMITS.problems);
  });

  it('show the line, and a mark below what is wrong in it', () => {
    const error = failure('FROM a\nRUN b \\\n  c\nCOPY --form=b . .\n');
    expect(isEngineError(error, 'invalid-argument')).toBe(true);
    expect(error.message).toBe(
      [
        'Line 4, column 6: COPY has no flag --form. Did you mean --from?',
        '  4 | COPY --form=b . .',
        '    |      ^^^^^^^^',
      ].join('\n'),
    );
    expect(error.hint).toBe('Its flags are --chown, --chmod, --link, --exclude, --from, --parents.');
  });

  it('show the right line of a continued instruction', () => {
    const [problem] = failure('FROM a\nENV A=1 \\\n    B\n').problems;
    expect(problem?.sourceLine).toBe('    B');
    expect(problem?.range.start).toEqual({ line: 3, column: 5 });
  });
});

describe('bounds', () => {
  it.each<readonly [string, string, string]>([
    ['a long file', `FROM a\n${' '.repeat(LIMITS.source)}`, 'The Dockerfile is longer than'],
    ['many lines', `FROM a${'\n'.repeat(LIMITS.lines + 1)}`, 'The Dockerfile has more than'],
    ['many instructions', 'FROM a\n'.repeat(LIMITS.instructions + 2), 'The Dockerfile has more than'],
    [
      'a long here-document',
      `FROM a\nRUN <<E\n${'x'.repeat(LIMITS.heredoc + 1)}\nE`,
      'The here-document E is longer',
    ],
  ])('refuse %s', (_name, source, message) => {
    expect(failure(source).problems[0]?.message).toContain(message);
  });

  it('do not stop an instruction of a hundred thousand words', () => {
    const file = parseDockerfile(`FROM a\nENV ${'A=1 '.repeat(100_000)}`);
    const [env] = file.stages[0]?.instructions ?? [];
    expect(env?.kind === 'env' && env.pairs.length).toBe(100_000);
  });
});

describe('triggers of images', () => {
  it('are read as one instruction, here-documents included', () => {
    const trigger = parseTrigger('COPY <<E /x\nhello\nE');
    expect(trigger.kind === 'copy' && trigger.sources[0]?.kind).toBe('inline');
  });

  it.each(['', 'RUN a\nRUN b', 'FROM x', 'ONBUILD RUN x', 'MAINTAINER x', 'NONSENSE'])(
    'are not %j',
    (text) => {
      expect(() => parseTrigger(text)).toThrow(DockerfileError);
    },
  );
});
