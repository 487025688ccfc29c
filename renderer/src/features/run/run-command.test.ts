import { describe, expect, it } from 'vitest';
import { joinWords, splitWords } from '../../lib/shell-words.ts';
import { FULL_RUN_FORM } from '../../testing/full-run-form.ts';
import { runArguments } from './run-command.ts';
import { EMPTY_RUN_FORM, type RunField } from './run-form.ts';
import { requestOf } from './run-request.ts';

const full = requestOf(FULL_RUN_FORM);
const lineOf = (request: typeof full) => joinWords(['longshore', ...runArguments(request)]);

describe('the command line of a request', () => {
  it('says what the form says', () => {
    expect(runArguments(full, 'strict.json')).toEqual([
      'run', '-dit', '--rm', '--init', '--name', 'site-preview', '--platform', 'linux/arm64',
      '--network', 'container:gateway', '--network', 'name=shop,alias=www,alias=site,ip=172.31.0.9', '--network', 'lab',
      '-p', '8080:80', '-p', '127.0.0.1:9000-9001:90-91/udp', '-p', '443', '-p', '[::1]::444', '-P', '--expose', '3000',
      '--expose', '53/udp', '--hostname', 'site', '--domainname', 'example.com',
      '--add-host', 'db:172.30.0.23', '--dns', '9.9.9.9', '--dns', '2620:fe::fe', '--dns-search', 'example.com',
      '--dns-option', 'ndots:2',
      '-v', '/home/ana/my site:/usr/share/nginx/html:ro,rslave,bind',
      '-v', 'pgdata:/var/lib/data:ro,nocopy', '-v', '/cache',
      '--mount', 'type=bind,source=/srv,target=/data,readonly,bind-propagation=shared,bind-recursive=disabled',
      '--mount', 'type=volume,source=uploads,target=/up,volume-subpath=2026',
      '--tmpfs', '/tmp:size=32m,mode=1777,noexec,uid=1000',
      '--volumes-from', 'data', '--volumes-from', 'other:ro',
      '-e', "GREETING=it's me",
      '--entrypoint', '/entry.sh', '--user', 'nginx', '--workdir', '/srv', '--group-add', 'audio', '--group-add',
      'video', '--label', 'team=shop', '--annotation', 'org.example=a b', '--read-only', '--shm-size', '128m',
      '--memory', '256m', '--memory-swap', '-1', '--memory-reservation', '64m', '--memory-swappiness', '10',
      '--oom-kill-disable', '--cpus', '1.5', '--cpu-quota', '50000', '--cpu-period', '100000', '--cpu-shares', '512',
      '--cpuset-cpus', '0-3', '--cpuset-mems', '0', '--pids-limit', '200',
      '--blkio-weight', '300', '--blkio-weight-device', '/dev/sda:400', '--device-read-bps', '/dev/sda:10m',
      '--device-write-bps', '/dev/sda:524288', '--device-read-iops', '/dev/sda:100', '--device-write-iops',
      '/dev/sda:50', '--ulimit', 'nofile=1024:1024',
      '--privileged', '--cap-add', 'NET_ADMIN', '--cap-add', 'SYS_TIME', '--cap-drop', 'ALL',
      '--security-opt', 'no-new-privileges', '--security-opt', 'seccomp=strict.json', '--security-opt',
      'apparmor=site', '--security-opt', 'systempaths=unconfined', '--sysctl', 'net.core.somaxconn=4096',
      '--device', '/dev/fuse:/dev/fuse:rwm', '--device', '/dev/kvm:/dev/kvm0:r', '--device-cgroup-rule',
      'c 10:200 rwm', '--oom-score-adj', '-200', '--pid', 'container:gateway', '--ipc', 'container:gateway',
      '--uts', 'host', '--userns', 'auto', '--cgroupns', 'host', '--cgroup-parent', '/shop',
      '--restart', 'on-failure:5', '--health-cmd', 'curl -f http://localhost/ || exit 1', '--health-interval', '30s',
      '--health-timeout', '2500ms', '--health-start-period', '60s', '--health-start-interval', '1s',
      '--health-retries', '4', '--stop-signal', 'QUIT', '--stop-timeout', '30',
      '--log-opt', 'max-size=50m', '--log-opt', 'max-file=10',
      'nginx:1.27-alpine', 'sh', '-c', 'echo "$HOME"',
    ]); // prettier-ignore
  });

  it.each(Object.keys(EMPTY_RUN_FORM) as RunField[])('has something for the field "%s"', (field) => {
    const without = { ...FULL_RUN_FORM, [field]: EMPTY_RUN_FORM[field] };
    const line = (form: typeof without) => runArguments(requestOf(form), form.seccompProfile?.file);
    expect(line(without)).not.toEqual(line(FULL_RUN_FORM));
  });

  it('survives a shell', () => {
    expect(splitWords(lineOf(full))).toEqual({
      ok: true,
      words: ['longshore', ...runArguments(full)],
    });
  });

  it('takes the entrypoint of the image away with an empty word', () => {
    const request = requestOf({ ...EMPTY_RUN_FORM, image: 'busybox', entrypoint: '""' });
    expect(request.entrypoint).toEqual([]);
    expect(lineOf(request)).toBe("longshore run -d --entrypoint '' busybox");
  });

  it('asks for nothing that was not filled in', () => {
    const request = requestOf({ ...EMPTY_RUN_FORM, image: 'busybox' });
    expect(lineOf(request)).toBe('longshore run -d busybox');
    expect(request).toEqual({ image: 'busybox' });
  });
});
