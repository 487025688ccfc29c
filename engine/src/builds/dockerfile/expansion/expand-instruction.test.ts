import { describe, expect, it } from 'vitest';
import { parseInstructions } from '../parsing/parse-trigger.ts';
import { DockerfileError } from '../problems/dockerfile-error.ts';
import type { Instruction, RunInstruction } from '../syntax/instruction.ts';
import { exposedPorts } from './exposed-ports.ts';
import { expandInstruction, expandMounts } from './expand-instruction.ts';

const VALUES: Readonly<Record<string, string>> = { A: 'one two', P: '80 81/udp', T: '\tx' };
const expansion = { escape: '\\', lookup: (name: string) => VALUES[name] } as const;

function expanded(source: string): Instruction {
  const [instruction] = parseInstructions(source);
  if (instruction === undefined) throw new Error('no instruction');
  return expandInstruction(instruction, expansion);
}

const NOT_TOLD = ['keyword', 'range', 'source', 'sourceLines', 'comments'];

/** All texts of an instruction, in their order; here-documents by their content. */
function texts(instruction: Instruction): readonly string[] {
  const found: string[] = [];
  JSON.stringify(instruction, (name, value: unknown) => {
    if ((name === 'text' || name === 'content') && typeof value === 'string') found.push(value);
    return NOT_TOLD.includes(name) ? undefined : value;
  });
  return found;
}

describe('instructions with variables', () => {
  it.each<readonly [string, readonly string[]]>([
    ['ENV X=$A "Y"="$A"', ['X', 'one two', 'Y', 'one two']],
    ['ENV X $A', ['X', 'one two']],
    ['LABEL $A=b', ['one two', 'b']],
    ['COPY $A /$A/', ['one two', '/one two/']],
    ['COPY ["$A", "b"]', ['one two', 'b']],
    ['COPY --chown=$A --chmod=$B a b', ['a', 'b', 'one two', '']],
    ['COPY --chmod=${M:-u=rwX} a b', ['a', 'b', 'u=rwX']],
    ['COPY --exclude=$A a b', ['a', 'b', '$A']],
    ['ADD --checksum=$A https://x/a b', ['https://x/a', 'b', 'one two']],
    ['ADD --checksum=$B a b', ['a', 'b', '']],
    ['ADD --checksum=1 github.com/a/b /', ['github.com/a/b', '/', '1']],
    ['COPY github.com/a/b /', ['github.com/a/b', '/']],
    ['USER $A', ['one two']],
    ['WORKDIR "/x y"', ['/x y']],
    ['VOLUME ["/$A"]', ['/one two']],
    ['STOPSIGNAL ${S:-9}', ['9']],
    ['EXPOSE $P 82', ['80', '81/udp', '82']],
    ['RUN echo $A', ['echo $A']],
    ['CMD $A', ['$A']],
    ['ENTRYPOINT ["$A"]', ['$A']],
    ['HEALTHCHECK CMD $A', ['$A']],
    ['SHELL ["$A"]', ['$A']],
    ['MAINTAINER $A', ['$A']],
    ['COPY <<E d\n"$A" \\$A\nE', ['"one two" $A\n', 'd']],
    ["COPY <<'E' d\n$A\nE", ['$A\n', 'd']],
    ['COPY <<-E d\n\t\ta\n\t$T\nE', ['a\n\tx\n', 'd']],
  ])('%j has the texts %j', (source, expected) => {
    expect(texts(expanded(source))).toEqual(expected);
  });

  it('say where a variable is missing', () => {
    const [user] = parseInstructions('\nUSER a:${G:?which group}');
    const expand = () => expandInstruction(user!, expansion);
    expect(expand).toThrow(DockerfileError);
    expect(expand).toThrow('Line 2, column 6: G: which group');
  });

  it.each<readonly [string, string]>([
    ['COPY $U /', 'Line 1, column 6: COPY takes no address: "https://x/y"'],
    ['COPY a git@x:y.git /', 'Line 1, column 8: COPY takes no address: "git@x:y.git"'],
    ['COPY --chmod=$A a b', 'Line 1, column 14: "one two" is no file mode.'],
    ['ADD --chmod=${M:-10000} a b', 'Line 1, column 13: "10000" is no file mode.'],
    ['ADD --checksum=x a b', 'Line 1, column 16: --checksum is for what is fetched.'],
    ['ADD --checksum=x $U $U b', 'Line 1, column 16: --checksum is for what is fetched.'],
  ])('%j is refused', (source, message) => {
    const [transfer] = parseInstructions(source);
    const lookup = (name: string) => (name === 'U' ? 'https://x/y' : VALUES[name]);
    expect(() => expandInstruction(transfer!, { ...expansion, lookup })).toThrow(message);
  });

  it('tell of variables that are not set', () => {
    const unset: string[] = [];
    const [copy] = parseInstructions('COPY $X ${Y:-y} /$A');
    expandInstruction(copy!, { ...expansion, onUnset: (name) => unset.push(name) });
    expect(unset).toEqual(['X', 'Y']);
  });
});

describe('mounts', () => {
  const none = { mode: null, uid: null, gid: null };

  it.each<readonly [string, object]>([
    ['target=/a', { type: 'bind', target: '/a', source: '', from: null, readOnly: true }],
    [
      'type=bind,src=b,dst=/a,from=s,rw',
      { type: 'bind', target: '/a', source: 'b', from: 's', readOnly: false },
    ],
    ['target=/$A,rw=false', { type: 'bind', target: '/one two', source: '', from: null, readOnly: true }],
    [
      'type=cache,target=/c,id=i,sharing=locked,mode=0700,uid=1,gid=2',
      {
        ...{
          type: 'cache',
          target: '/c',
          id: 'i',
          sharing: 'locked',
          from: null,
          source: '',
          readOnly: false,
        },
        ...{ mode: 0o700, uid: 1, gid: 2 },
      },
    ],
    ['type=tmpfs,target=/t,size=1.5k', { type: 'tmpfs', target: '/t', size: 1536, readOnly: false }],
    ['type=tmpfs,target=/t,size=0', { type: 'tmpfs', target: '/t', size: null, readOnly: false }],
    [
      'type=secret,id=a',
      { type: 'secret', id: 'a', target: '/run/secrets/a', env: null, required: false, ...none },
    ],
    [
      'type=secret,target=/x/y',
      { type: 'secret', id: 'y', target: '/x/y', env: null, required: false, ...none },
    ],
    ['type=secret,id=a,env=T', { type: 'secret', id: 'a', target: null, env: 'T', required: false, ...none }],
    ['type=ssh,required', { type: 'ssh', id: 'default', target: null, required: true, ...none }],
    ['type=${K:-ssh},required=0', { type: 'ssh', id: 'default', target: null, required: false, ...none }],
    [`'"target=/a,b"'`, { type: 'bind', target: '/a,b', source: '', from: null, readOnly: true }],
  ])('%j', (flag, expected) => {
    const [run] = parseInstructions(`RUN --mount=${flag} x`);
    expect(expandMounts(run as RunInstruction, expansion)).toEqual([expected]);
  });
});

describe('ports', () => {
  it.each<readonly [string, readonly string[]]>([
    ['80', ['80/tcp']],
    ['80/UDP', ['80/udp']],
    ['80/', ['80/tcp']],
    ['80-82/sctp', ['80/sctp', '81/sctp', '82/sctp']],
    ['8080:80', ['80/tcp']],
    ['127.0.0.1:8080:80/udp', ['80/udp']],
  ])('%j are %j', (source, expected) => {
    const expose = expanded(`EXPOSE ${source}`);
    expect(expose.kind === 'expose' && exposedPorts(expose)).toEqual(expected);
  });

  it.each(['x', '70000', '82-80', '80/icmp', '-1', '1-', ':'])('%j are none', (source) => {
    const expose = expanded(`EXPOSE ${source}`);
    expect(() => expose.kind === 'expose' && exposedPorts(expose)).toThrow(DockerfileError);
  });
});
