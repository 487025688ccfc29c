import { describe, expect, it } from 'vitest';
import { splitWords } from '../../lib/shell-words.ts';
import { FULL_RUN_FORM } from '../../testing/full-run-form.ts';
import { EMPTY_BUILD_FORM } from '../builds/build-form.ts';
import { requestOf } from '../run/run-request.ts';
import { type ActionCommand, commandLine, maskedLine, onlyLongshore } from './action-command.ts';
import { buildAgainCommand, buildCommand, pruneCacheCommand } from './build-commands.ts';
import {
  commitCommand,
  copyInCommand,
  copyOutCommand,
  execCommand,
  exportCommand,
  lifeCommand,
  logsCommand,
  lookCommand,
  pruneContainersCommand,
  removeCommand,
  renameCommand,
  runCommand,
} from './container-commands.ts';
import {
  lookAtImageCommand,
  pruneImagesCommand,
  pullCommand,
  pushCommand,
  removeImagesCommand,
  saveImagesCommand,
  tagCommand,
} from './image-commands.ts';
import {
  connectCommand,
  createNetworkCommand,
  disconnectCommand,
  inspectNetworkCommand,
  pruneNetworksCommand,
  removeNetworksCommand,
} from './network-commands.ts';
import { pruneSystemCommand, signInCommand } from './system-commands.ts';
import {
  createVolumeCommand,
  inspectVolumeCommand,
  pruneVolumesCommand,
  removeVolumesCommand,
} from './volume-commands.ts';

const build = {
  id: 'b1',
  name: 'shop',
  references: ['shop:1', 'shop:latest'],
  context: '/srv/my shop',
  dockerfile: 'build/Dockerfile',
  target: 'web',
  platform: { os: 'linux', architecture: 'amd64' },
  status: 'done',
  startedAt: '2026-11-21T14:00:00Z',
  endedAt: null,
  steps: 1,
  cachedSteps: 0,
  warnings: 0,
  imageId: null,
  error: null,
} as const;

describe('the docker command of an action', () => {
  it.each<[ActionCommand | undefined, string]>([
    [runCommand({ image: 'nginx', name: 'web' }), 'run -d --name web nginx'],
    [lifeCommand('stop', ['web', 'db']), 'stop web db'],
    [lifeCommand('unpause', ['web']), 'unpause web'],
    [removeCommand(['web'], { volumes: true }), 'rm -f -v web'],
    [removeCommand(['web'], { volumes: false }), 'rm -f web'],
    [pruneContainersCommand(), 'container prune -f'],
    [renameCommand('web', 'www'), 'rename web www'],
    [commitCommand('web', { message: "it's new", author: '', pause: false, reference: 'me/web:2' }), "commit -m 'it'\\''s new' --pause=false web me/web:2"],
    [commitCommand('web', { message: '', author: 'Ada', pause: true }), 'commit -a Ada web'],
    [exportCommand('web'), 'export -o web.tar web'],
    [logsCommand('web'), 'logs -f web'],
    [execCommand('web', { command: ['sh', '-c', 'echo $HOME'], user: '0' }), "exec -it -u 0 web sh -c 'echo $HOME'"],
    [copyOutCommand('web', '/etc/my site'), "cp 'web:/etc/my site' ."],
    [copyInCommand('-n.conf', 'web', '/etc'), 'cp ./-n.conf web:/etc'],
    [lookCommand('top', 'web'), 'top web'],
    [pullCommand({ reference: 'redis:7', insecure: false, platform: 'linux/arm64' }), 'pull --platform linux/arm64 redis:7'],
    [pushCommand({ reference: 'r.example/app:1', insecure: false }), 'push r.example/app:1'],
    [tagCommand('app:1', 'r.example/app:1'), 'tag app:1 r.example/app:1'],
    [removeImagesCommand(['app:1', 'app:2'], true), 'rmi -f app:1 app:2'],
    [pruneImagesCommand({ all: true, hours: 168 }), 'image prune -f -a --filter until=168h'],
    [pruneImagesCommand({ all: false, hours: 0 }), 'image prune -f'],
    [saveImagesCommand(['app:1'], 'app-1.tar'), 'save -o app-1.tar app:1'],
    [lookAtImageCommand('inspect', 'app:1'), 'image inspect app:1'],
    [createNetworkCommand({ name: 'shop', subnets: [{ subnet: '10.9.0.0/24', gateway: '10.9.0.1' }], internal: true }), 'network create --subnet 10.9.0.0/24 --gateway 10.9.0.1 --internal shop'],
    [connectCommand({ network: 'shop', container: 'web', aliases: ['www'], ipv4: '10.9.0.7' }), 'network connect --alias www --ip 10.9.0.7 shop web'],
    [disconnectCommand('shop', 'web'), 'network disconnect shop web'],
    [removeNetworksCommand(['shop']), 'network rm shop'],
    [pruneNetworksCommand(), 'network prune -f'],
    [inspectNetworkCommand('shop'), 'network inspect shop'],
    [createVolumeCommand({ name: 'data', labels: { team: 'a b' } }), "volume create --label 'team=a b' data"],
    [removeVolumesCommand(['data']), 'volume rm data'],
    [pruneVolumesCommand(true), 'volume prune -f -a'],
    [inspectVolumeCommand('data'), 'volume inspect data'],
    [buildCommand({ ...EMPTY_BUILD_FORM, folder: '/srv/my shop', tags: 'shop:1', noCache: true }), "build -t shop:1 --no-cache '/srv/my shop'"],
    [buildAgainCommand(build), "build -f build/Dockerfile -t shop:1 -t shop:latest --target web '/srv/my shop'"],
    [pruneCacheCommand(true), 'builder prune -f -a'],
    [pruneSystemCommand({ all: true, volumes: true }), 'system prune -f -a --volumes'],
    [signInCommand('r.example', 'ada'), 'login -u ada r.example'],
  ])('%# is docker %s', (command, line) => {
    expect(command && commandLine(command, 'docker')).toBe(`docker ${line}`);
  }); // prettier-ignore

  it('survives a shell, with everything that a container can be asked for', () => {
    const command = runCommand(requestOf(FULL_RUN_FORM), 'strict.json');
    expect(splitWords(commandLine(command, 'docker') ?? '')).toEqual({
      ok: true,
      words: ['docker', ...(command.docker ?? [])],
    });
  });

  it.each<[string, ActionCommand, string, string]>([
    ['user ids of its own', runCommand({ image: 'a', users: 'auto' }), '--userns', 'command.missing.users'],
    ['an unencrypted registry', pullCommand({ reference: 'a', insecure: true }), '--insecure', 'command.missing.insecure'],
    ['an unencrypted registry', pushCommand({ reference: 'a', insecure: true }), '--insecure', 'command.missing.insecure'],
  ])('leaves out %s, and says so', (_what, command, flag, missing) => {
    expect(command.longshore).toContain(flag);
    expect(command.docker).not.toContain(flag);
    expect(command.missing).toEqual([missing]);
  }); // prettier-ignore

  it('is none where docker has none, or where the folder is not known', () => {
    expect(commandLine(onlyLongshore('volume', 'clone', 'a', 'b'), 'docker')).toBeUndefined();
    expect(buildAgainCommand({ ...build, context: '' })).toBeUndefined();
  });

  it('can be shown without its secrets', () => {
    const command = runCommand({ image: 'postgres', env: ['TZ=UTC', 'DB_PASSWORD=hunter2'] });
    expect(maskedLine(command, 'docker')).toBe("docker run -d -e TZ=UTC -e 'DB_PASSWORD=••••••••' postgres");
    const args = [{ name: 'NPM_TOKEN', value: 'hunter2' }];
    expect(maskedLine(buildCommand({ ...EMPTY_BUILD_FORM, folder: '/srv', args }), 'docker')).toBe(
      "docker build --build-arg 'NPM_TOKEN=••••••••' /srv",
    );
  });
});
