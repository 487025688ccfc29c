import { describe, expect, it } from 'vitest';
import type { Word } from '../source/position.ts';
import type { Instruction } from '../syntax/instruction.ts';
import type { CommandLine } from '../syntax/words.ts';
import { parseInstructions } from './parse-trigger.ts';

const NOT_TOLD = ['kind', 'keyword', 'range', 'source', 'sourceLines', 'comments'];

/** The instruction on one line: everything but places and what is not said. */
function summary(instruction: Instruction): string {
  const shown = Object.entries(instruction).flatMap(([name, value]) => {
    if (NOT_TOLD.includes(name)) return [];
    const text = shownValue(value);
    return text === null ? [] : [`${name}=${text}`];
  });
  return [instruction.kind, ...shown].join(' ');
}

function shownValue(value: unknown): string | null {
  if (value === null || value === false) return null;
  if (Array.isArray(value)) return value.length === 0 ? null : `(${value.map(shownValue).join(' ')})`;
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return JSON.stringify(value);
  if ('keyword' in value) return `{${summary(value as Instruction)}}`;
  if ('form' in value) return shownCommand(value as unknown as CommandLine);
  if ('text' in value) return `<${(value as Word).text}>`;
  const fields = Object.entries(value).filter(([name]) => name !== 'range' && name !== 'kind');
  return `{${fields.flatMap(([name, field]) => (field === null ? [] : [`${name}=${String(shownValue(field))}`])).join(' ')}}`;
}

function shownCommand(command: CommandLine): string {
  if (command.form === 'exec') return `exec(${command.args.map(({ text }) => text).join('|')})`;
  const documents = command.heredocs.map(({ name, content }) => ` ${name}:${JSON.stringify(content)}`);
  return `shell<${command.line.text}>${documents.join('')}`;
}

const CASES: readonly (readonly [source: string, expected: string])[] = [
  // FROM
  ['FROM debian', 'from image=<debian>'],
  ['from debian:12 as Build', 'from image=<debian:12> as=<as> name=<Build>'],
  [
    'FROM --platform=linux/arm64 a/b@sha256:0 AS x',
    'from platform=<linux/arm64> image=<a/b@sha256:0> as=<AS> name=<x>',
  ],
  ['FROM --platform=$BUILDPLATFORM $BASE', 'from platform=<$BUILDPLATFORM> image=<$BASE>'],
  ['FROM\tscratch', 'from image=<scratch>'],
  ['FROM a AS b-c_d.e1', 'from image=<a> as=<AS> name=<b-c_d.e1>'],
  // ARG
  ['ARG A', 'arg args=({name=<A>})'],
  ['ARG A=', 'arg args=({name=<A> value=<>})'],
  ['ARG A=1 B C="x y"', 'arg args=({name=<A> value=<1>} {name=<B>} {name=<C> value=<"x y">})'],
  ['ARG A=b=c', 'arg args=({name=<A> value=<b=c>})'],
  ["ARG A='it''s'", "arg args=({name=<A> value=<'it''s'>})"],
  // ENV and LABEL
  ['ENV A=1', 'env pairs=({key=<A> value=<1>})'],
  [
    'ENV A=1 B="2 3" C=4\\ 5',
    'env pairs=({key=<A> value=<1>} {key=<B> value=<"2 3">} {key=<C> value=<4\\ 5>})',
  ],
  ['ENV A 1  2', 'env pairs=({key=<A> value=<1  2>}) legacy=true'],
  ['ENV A\tb=c', 'env pairs=({key=<A> value=<b=c>}) legacy=true'],
  ['ENV A= B=x', 'env pairs=({key=<A> value=<>} {key=<B> value=<x>})'],
  ['ENV A=$B/${C:-d}', 'env pairs=({key=<A> value=<$B/${C:-d}>})'],
  ['LABEL a.b="c d" e=f', 'label pairs=({key=<a.b> value=<"c d">} {key=<e> value=<f>})'],
  ['LABEL "quoted key"=v', 'label pairs=({key=<"quoted key"> value=<v>})'],
  ['LABEL a b c', 'label pairs=({key=<a> value=<b c>}) legacy=true'],
  // RUN
  ['RUN apt-get  update', 'run command=shell<apt-get  update> network=default security=sandbox'],
  ['RUN ["a", "b c"]', 'run command=exec(a|b c) network=default security=sandbox'],
  ["RUN ['a']", "run command=shell<['a']> network=default security=sandbox"],
  ['RUN ["a"', 'run command=shell<["a"> network=default security=sandbox'],
  ['RUN ["a"] && b', 'run command=shell<["a"] && b> network=default security=sandbox'],
  ['RUN [ -f x ] || y', 'run command=shell<[ -f x ] || y> network=default security=sandbox'],
  ['RUN []', 'run command=exec() network=default security=sandbox'],
  ['RUN ["\\u0041\\n"]', 'run command=exec(A\n) network=default security=sandbox'],
  ['RUN --network=none x', 'run command=shell<x> network=none security=sandbox'],
  ['RUN --network=host --security=insecure x', 'run command=shell<x> network=host security=insecure'],
  [
    'RUN --device=vendor.com/gpu=0,required x',
    'run command=shell<x> network=default security=sandbox devices=({name=vendor.com/gpu=0 required=true})',
  ],
  [
    'RUN --mount=type=cache,target=/c x',
    'run command=shell<x> mounts=({fields=({key=type value=cache} {key=target value=/c})}) network=default security=sandbox',
  ],
  [
    'RUN --mount=target=/a,from=build --mount=type=tmpfs,target=/t,size=1m x',
    'run command=shell<x> mounts=({fields=({key=target value=/a} {key=from value=build}) from=build}' +
      ' {fields=({key=type value=tmpfs} {key=target value=/t} {key=size value=1m})}) network=default security=sandbox',
  ],
  ['RUN -- --help', 'run command=shell<--help> network=default security=sandbox'],
  ['RUN echo --network=none', 'run command=shell<echo --network=none> network=default security=sandbox'],
  ['RUN <<EOF\na\nEOF', 'run command=shell<<<EOF> EOF:"a\\n" network=default security=sandbox'],
  [
    'RUN cat <<A <<B\n1\nA\n2\nB',
    'run command=shell<cat <<A <<B> A:"1\\n" B:"2\\n" network=default security=sandbox',
  ],
  ['RUN 3<<EOF cat\nx\nEOF', 'run command=shell<3<<EOF cat> EOF:"x\\n" network=default security=sandbox'],
  ['RUN cat <<< x', 'run command=shell<cat <<< x> network=default security=sandbox'],
  ['RUN echo "a <<EOF b"', 'run command=shell<echo "a <<EOF b"> network=default security=sandbox'],
  ['RUN echo a<<EOF', 'run command=shell<echo a<<EOF> network=default security=sandbox'],
  ['RUN << EOF\nx\nEOF', 'run command=shell<<< EOF> EOF:"x\\n" network=default security=sandbox'],
  // CMD, ENTRYPOINT, SHELL
  ['CMD ["a"]', 'cmd command=exec(a)'],
  ['CMD a "b"', 'cmd command=shell<a "b">'],
  ['CMD', 'cmd command=shell<>'],
  ['CMD []', 'cmd command=exec()'],
  ['CMD [ "a" , "b" ]', 'cmd command=exec(a|b)'],
  ['ENTRYPOINT ["/x", "$HOME"]', 'entrypoint command=exec(/x|$HOME)'],
  ['ENTRYPOINT exec top', 'entrypoint command=shell<exec top>'],
  ['SHELL ["/bin/bash", "-c"]', 'shell args=(</bin/bash> <-c>)'],
  // COPY and ADD
  ['COPY a b', 'copy sources=({path=<a>}) destination=<b>'],
  ['COPY a b  c/', 'copy sources=({path=<a>} {path=<b>}) destination=<c/>'],
  ['COPY ["a b", "c"]', 'copy sources=({path=<a b>}) destination=<c>'],
  ['COPY "a" "b"', 'copy sources=({path=<"a">}) destination=<"b">'],
  ['COPY --from=0 /a /b', 'copy sources=({path=</a>}) destination=</b> from=<0>'],
  ['COPY --from= a b', 'copy sources=({path=<a>}) destination=<b>'],
  ['COPY --chown=1:2 --chmod=0644 a b', 'copy sources=({path=<a>}) destination=<b> chown=<1:2> chmod=<0644>'],
  ['COPY --chmod=u=rwX,go+r a b', 'copy sources=({path=<a>}) destination=<b> chmod=<u=rwX,go+r>'],
  ['COPY --chmod=$MODE a b', 'copy sources=({path=<a>}) destination=<b> chmod=<$MODE>'],
  ['COPY --link --parents a b', 'copy sources=({path=<a>}) destination=<b> link=true parents=true'],
  ['COPY --link=false --parents=TRUE a b', 'copy sources=({path=<a>}) destination=<b> parents=true'],
  ['COPY --exclude=*.a --exclude=b a b', 'copy sources=({path=<a>}) destination=<b> exclude=(<*.a> <b>)'],
  [`COPY --chown="a b":c x y`, 'copy sources=({path=<x>}) destination=<y> chown=<a b:c>'],
  [
    'COPY <<a <<-"b" x d/\n1\na\n\t2\n\tb',
    'copy sources=({heredoc={name=a fileDescriptor=0 expand=true stripTabs=null content=1\n}}' +
      ' {heredoc={name=b fileDescriptor=0 expand=null stripTabs=true content=\t2\n}} {path=<x>}) destination=<d/>',
  ],
  ['ADD https://x/y /', 'add sources=({path=<https://x/y>}) destination=</>'],
  [
    'ADD --checksum=sha256:0 --keep-git-dir=true --unpack a b',
    'add sources=({path=<a>}) destination=<b> checksum=<sha256:0> keepGitDir=true unpack=true',
  ],
  // The others
  ['EXPOSE 80 53/udp $P', 'expose ports=(<80> <53/udp> <$P>)'],
  ['VOLUME /a /b', 'volume paths=(</a> </b>)'],
  ['VOLUME ["/a b"]', 'volume paths=(</a b>)'],
  ['USER app:1000', 'user user=<app:1000>'],
  ['WORKDIR /a b', 'workdir path=</a b>'],
  ['STOPSIGNAL SIGINT', 'stopsignal signal=<SIGINT>'],
  ['MAINTAINER A <a@b>', 'maintainer name=<A <a@b>>'],
  ['HEALTHCHECK NONE', 'healthcheck'],
  ['HEALTHCHECK cmd curl  -f x', 'healthcheck command=shell<curl  -f x>'],
  [
    'HEALTHCHECK --interval=1m30s --timeout=500ms --retries=2 CMD ["a"]',
    'healthcheck command=exec(a) interval=90000000000 timeout=500000000 retries=2',
  ],
  [
    'HEALTHCHECK --start-period=0s --start-interval=1.5s CMD x',
    'healthcheck command=shell<x> startPeriod=0 startInterval=1500000000',
  ],
  [
    'ONBUILD run x',
    'onbuild trigger={run command=shell<x> network=default security=sandbox} expression=run x',
  ],
  [
    'ONBUILD COPY --from=a b c',
    'onbuild trigger={copy sources=({path=<b>}) destination=<c> from=<a>} expression=COPY --from=a b c',
  ],
  [
    'ONBUILD COPY <<E d\nx\nE',
    'onbuild trigger={copy sources=({heredoc={name=E fileDescriptor=0 expand=true stripTabs=null content=x\n}})' +
      ' destination=<d>} expression=COPY <<E d\nx\nE',
  ],
];

describe('instructions', () => {
  it.each(CASES)('%j', (source, expected) => {
    expect(parseInstructions(source).map(summary)).toEqual([expected]);
  });
});

describe('places', () => {
  it('are those of the file, over continued lines', () => {
    const [copy] = parseInstructions('\n  COPY --from=a \\\n  # comment\n  src \\\n  /dst\n');
    expect(copy?.range).toEqual({ start: { line: 2, column: 3 }, end: { line: 5, column: 7 } });
    if (copy?.kind !== 'copy') throw new Error('not a COPY');
    expect(copy.from?.range).toEqual({ start: { line: 2, column: 15 }, end: { line: 2, column: 16 } });
    expect(copy.destination.range).toEqual({ start: { line: 5, column: 3 }, end: { line: 5, column: 7 } });
    expect(copy.source).toBe('COPY --from=a   src   /dst');
  });

  it('of an instruction with here-documents end behind the last one', () => {
    const [run, user] = parseInstructions('RUN <<A\nx\nA\nUSER y');
    expect(run?.range).toEqual({ start: { line: 1, column: 1 }, end: { line: 3, column: 2 } });
    expect(user?.range.start).toEqual({ line: 4, column: 1 });
    expect(run?.sourceLines).toEqual(['RUN <<A\n', 'x\n', 'A\n']);
  });
});
