import { describe, expect, it } from 'vitest';
import { fakeVolume } from '../../testing/fake-volume-parts.ts';
import {
  createVolumeArguments,
  EMPTY_VOLUME_FORM,
  isComplete,
  type VolumeForm,
  volumeProblems,
  volumeRequestOf,
} from './volume-form.ts';
import { volumeKind } from './volume-list.ts';

const form = (part: Partial<VolumeForm>): VolumeForm => ({ ...EMPTY_VOLUME_FORM, ...part });

describe('volumeProblems', () => {
  it.each<[Partial<VolumeForm>, string, string]>([
    [{ name: 'x' }, 'name', 'volumes.badName'],
    [{ name: 'PGdata' }, 'name', 'volumes.takenName'],
    [{ kind: 'bind', folder: 'relative' }, 'folder', 'run.badPath'],
    [{ kind: 'nfs', server: 'a b' }, 'server', 'volumes.badServer'],
    [{ kind: 'tmpfs', size: 'much' }, 'size', 'run.badSize'],
    [{ kind: 'tmpfs', options: 'a b' }, 'options', 'volumes.badOptions'],
    [{ labels: [{ name: '', value: 'x' }] }, 'labels', 'run.badLabels'],
  ])('%o: %s is %s', (part, field, id) => {
    const problems = volumeProblems(form(part), [fakeVolume('pgdata')]);
    expect(Object.entries(problems).map(([name, problem]) => [name, problem.id])).toEqual([[field, id]]);
  });
});

describe('a volume', () => {
  it.each<[Partial<VolumeForm>, string, string]>([
    [{ name: 'data' }, 'volume create data', 'volumes.kind.own'],
    [{}, 'volume create', 'volumes.kind.own'],
    [
      { name: 'src', kind: 'bind', folder: '/srv/src' },
      'volume create --opt type=none --opt device=/srv/src --opt o=bind src',
      'volumes.kind.bind',
    ],
    [
      { name: 'tmp', kind: 'tmpfs', size: '64', options: 'uid=1000' },
      'volume create --opt type=tmpfs --opt device=tmpfs --opt o=size=64m,uid=1000 tmp',
      'volumes.kind.tmpfs',
    ],
    [
      { name: 'nas', kind: 'nfs', folder: '/export', server: '10.0.0.9', options: 'ro' },
      'volume create --opt type=nfs --opt device=:/export --opt o=addr=10.0.0.9,ro nas',
      'volumes.kind.nfs',
    ],
  ])('of %o is made by "%s"', (part, command, kind) => {
    const request = volumeRequestOf(form(part));
    expect(createVolumeArguments(request).join(' ')).toBe(command);
    expect(volumeKind({ options: request.options ?? {} })).toBe(kind);
  });

  it.each<[Partial<VolumeForm>, boolean]>([
    [{}, true],
    [{ kind: 'bind' }, false],
    [{ kind: 'nfs', folder: '/export' }, false],
    [{ kind: 'nfs', folder: '/export', server: 'nas' }, true],
  ])('%o has all that it needs: %o', (part, complete) => expect(isComplete(form(part))).toBe(complete));
});
