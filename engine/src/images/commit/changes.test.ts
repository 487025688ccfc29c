import { describe, expect, it } from 'vitest';
import { applyChanges } from './changes.ts';
import type { RunConfigDocument } from '../../builds/dockerfile/index.ts';

const BASE: RunConfigDocument = {
  Env: ['PATH=/bin', 'HOME=/root'],
  Entrypoint: ['/entry'],
  Cmd: ['serve', '--fast'],
  WorkingDir: '/srv',
};
const apply = (...changes: readonly string[]) => applyChanges(BASE, changes);

describe('changes of a commit', () => {
  it.each([
    ['CMD ["a", "b c"]', { Cmd: ['a', 'b c'] }],
    ['cmd echo $HOME && true', { Cmd: ['/bin/sh', '-c', 'echo $HOME && true'] }],
    ['ENTRYPOINT ["/new"]', { Entrypoint: ['/new'], Cmd: [] }],
    ['ENV A=1 B="x y" C=a\\ b', { Env: [...(BASE.Env ?? []), 'A=1', 'B=x y', 'C=a b'] }],
    ['ENV A the rest of it', { Env: [...(BASE.Env ?? []), 'A=the rest of it'] }],
    ["ENV PATH=/opt:$PATH Q='$PATH'", { Env: ['PATH=/opt:/bin', 'HOME=/root', 'Q=$PATH'] }],
    ['ENV A=${NONE:-else} B=${HOME:+set}', { Env: [...(BASE.Env ?? []), 'A=else', 'B=set'] }],
    [
      'EXPOSE 80 53/udp 8000-8001',
      { ExposedPorts: { '80/tcp': {}, '53/udp': {}, '8000/tcp': {}, '8001/tcp': {} } },
    ],
    ['LABEL a=1 "b c"="d e"', { Labels: { a: '1', 'b c': 'd e' } }],
    ['ONBUILD RUN make', { OnBuild: ['RUN make'] }],
    ['STOPSIGNAL SIGQUIT', { StopSignal: 'SIGQUIT' }],
    ['USER 1000:1000', { User: '1000:1000' }],
    ['VOLUME /a /b', { Volumes: { '/a': {}, '/b': {} } }],
    ['VOLUME ["/a", "/b"]', { Volumes: { '/a': {}, '/b': {} } }],
    ['WORKDIR deeper', { WorkingDir: '/srv/deeper' }],
    ['HEALTHCHECK NONE', { Healthcheck: { Test: ['NONE'] } }],
    [
      'HEALTHCHECK --interval=1m30s --retries=2 CMD curl -f localhost',
      { Healthcheck: { Test: ['CMD-SHELL', 'curl -f localhost'], Interval: 90e9, Retries: 2 } },
    ],
  ])('%s', (change, expected) => {
    expect(apply(change)).toEqual({ ...BASE, ...expected });
  });

  it('keeps a command that was said before the entrypoint', () => {
    expect(apply('CMD ["x"]', 'ENTRYPOINT ["/new"]')).toMatchObject({ Entrypoint: ['/new'], Cmd: ['x'] });
  });

  it('takes several lines, joined ones and comments', () => {
    expect(apply('# a note\nENV A=1 \\\n  B=2\nUSER app')).toMatchObject({
      Env: [...(BASE.Env ?? []), 'A=1', 'B=2'],
      User: 'app',
    });
  });

  it.each(['RUN make', 'FROM debian', 'COPY a b', 'constructor x'])(
    'refuses %s: it needs a build',
    (change) => {
      expect(() => apply(change)).toThrow(
        expect.objectContaining({ code: 'invalid-argument', hint: expect.stringContaining('CMD') as string }),
      );
    },
  );

  it.each([
    'ENV',
    'ENV A=1 B',
    'CMD ["a", 1]',
    'EXPOSE 90-80',
    'EXPOSE 70000',
    'HEALTHCHECK curl',
    'HEALTHCHECK --interval=fast CMD true',
    'LABEL',
    'ONBUILD FROM x',
    'STOPSIGNAL SIGNOTHING',
    'USER',
    'VOLUME',
    'WORKDIR',
  ])('refuses "%s"', (change) => {
    expect(() => apply(change)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});
