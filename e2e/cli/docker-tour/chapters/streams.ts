import { CLEAR, IMPORT_BUSYBOX } from '../common-steps.ts';
import type { Chapter } from '../tour.ts';

export const streams: Chapter = {
  title: 'logs, exec and attach',
  steps: [
    IMPORT_BUSYBOX,
    {
      line: `docker run --name said busybox sh -c 'for i in 1 2 3 4 5; do echo line $i; done; echo wrong >&2'`,
      stdout: /line 5/,
    },
    { line: 'docker logs said', stdout: 'line 1\nline 2\nline 3\nline 4\nline 5\n', stderr: 'wrong\n' },
    { line: 'docker logs --tail 2 said 2>&1 | wc -l', stdout: '2\n' },
    { line: 'docker logs -n 0 said', stdout: '' },
    {
      line: 'docker logs -t --tail all said 2> /dev/null | head -1',
      stdout: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z line 1\n$/,
    },
    {
      line: `docker logs --since 1h said 2> /dev/null | wc -l; docker logs --until 1h said 2>&1 | wc -l`,
      stdout: '5\n0\n',
    },
    { line: `docker logs --since 2000-01-01T00:00:00Z --until 2001-01-01 said`, stdout: '' },
    { line: 'docker logs --since nonsense said', code: 1, stderr: /./ },
    { line: 'docker logs --details said 2> /dev/null | tail -1', stdout: ' line 5\n' },
    {
      line: 'docker logs nobody',
      code: 1,
      stderr: 'Error response from daemon: No such container: nobody\n',
    },
    {
      line: `docker run -d --name says busybox sh -c 'for i in 1 2 3; do echo tick $i; sleep 0.3; done' > id; docker logs -f says`,
      stdout: 'tick 1\ntick 2\ntick 3\n',
    },
    {
      line: `docker run -d -t --name term busybox sh -c 'echo red' > id; docker wait term; docker logs term`,
      stdout: '0\nred\r\n',
    },
    { line: 'docker start says > id; docker logs -f --since 0 --tail 1 says | tail -1', stdout: 'tick 3\n' },
    { line: `docker run -d --name long busybox sleep 1000`, stdout: /^[0-9a-f]{64}\n$/ },
    { line: 'docker exec long echo in there', stdout: 'in there\n' },
    {
      line: `docker exec long sh -c 'echo out; echo err >&2; exit 7'`,
      code: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    },
    { line: 'echo piped | docker exec -i long cat', stdout: 'piped\n' },
    { line: 'head -c 3000000 /dev/zero | docker exec -i long wc -c', stdout: '3000000\n' },
    { line: 'docker exec long head -c 3000000 /dev/zero | wc -c', stdout: '3000000\n' },
    {
      line: 'docker exec long nothing',
      code: 127,
      stdout: /OCI runtime exec failed: .*exec: "nothing": executable file not found in \$PATH/,
      differs: 'newer dockerd takes 127 here, too',
    },
    { line: 'docker exec long /tmp', code: 126 },
    {
      line: `docker exec -e SHIP=Rachel -w /tmp -u 1:2 long sh -c 'echo $SHIP $PWD $(id -u):$(id -g)'`,
      stdout: 'Rachel /tmp 1:2\n',
    },
    { line: `docker exec --env-file crew.env long sh -c 'echo $MATE'`, stdout: 'Starbuck\n' },
    {
      line: 'docker exec -u nobody-here long true',
      code: 126,
      stdout: /unable to find user nobody-here: no matching entries in passwd file\r?\n$/,
    },
    {
      line: 'docker exec -w /nowhere long true',
      code: 127,
      stdout: /OCI runtime exec failed: .*\/nowhere/,
      differs: 'newer dockerd takes 127 here, too',
    },
    { line: `docker exec -d long sh -c 'echo detached > /tmp/mark'`, stdout: '' },
    { line: 'docker exec long cat /tmp/mark', stdout: 'detached\n', eventually: true },
    { line: 'docker exec -it long tty', types: [], stdout: /^\/dev\/pts\/\d\r\n$/ },
    {
      line: 'docker exec -it long sh',
      types: [[/# /, 'echo answer $((40+2)); exit 4\r']],
      code: 4,
      stdout: /answer 42\r\n/,
    },
    {
      line: `stty cols 77 rows 33; docker exec -it long sh -c 'until test "$(stty size)" = "33 77"; do :; done; echo fits'`,
      types: [],
      stdout: /fits\r\n$/,
    },
    {
      line: `stty cols 88 rows 44; docker run --rm -it busybox sh -c 'until test "$(stty size)" = "44 88"; do :; done; echo fits'`,
      types: [],
      stdout: /fits\r\n$/,
    },
    { line: 'docker exec -it long true < /dev/null', code: 1, stderr: /the input device is not a TTY/ },
    {
      line: 'docker exec --privileged long grep CapEff /proc/self/status',
      stdout: /CapEff:\t[0-9a-f]*[1-9a-f][0-9a-f]{8,}\n/,
    },
    { line: 'docker exec said true', code: 1, stderr: /[cC]ontainer [0-9a-f]{64} is not running/ },
    {
      line: 'docker exec nobody true',
      code: 1,
      stderr: 'Error response from daemon: No such container: nobody\n',
    },
    {
      line: `docker run -di --name listens busybox sh -c 'read line; sleep 0.3; echo got $line; exit 6' > id; echo ahoy | docker attach listens`,
      code: 6,
      stdout: 'got ahoy\n',
    },
    {
      line: 'docker attach listens',
      code: 1,
      stderr: /[yY]ou cannot attach to a stopped container, start it first/,
    },
    { line: 'docker run -dit --name shell busybox', stdout: /^[0-9a-f]{64}\n$/ },
    {
      line: 'docker attach shell',
      types: [
        [/^/, '\r'],
        [/# /, 'echo here-$((1+1))\r'],
        [/here-2/, '\x10\x11'],
      ],
      code: 1,
      stdout: /here-2\r\n[^]*read escape sequence/,
    },
    { line: `docker inspect -f '{{.State.Running}}' shell`, stdout: 'true\n' },
    {
      line: 'docker exec -it shell sh',
      types: [[/# /, '\x10\x11']],
      code: 1,
      stdout: /read escape sequence/,
    },
    {
      line: 'docker attach shell',
      types: [
        [/^/, '\r'],
        [/# /, 'exit 8\r'],
      ],
      code: 8,
    },
    { line: `docker attach --no-stdin long & sleep 0.3; docker kill long > id; wait $!`, code: 137 },
    {
      line: `docker run -d --name proxied busybox sh -c 'trap "exit 11" INT; while :; do sleep 0.05; done' > id; sleep 0.2; docker attach proxied & sleep 0.4; kill -INT $!; wait $!`,
      code: 11,
    },
    { line: `docker run --rm -a stderr busybox sh -c 'echo out; echo err >&2'`, stdout: '', stderr: 'err\n' },
    { line: `echo in | docker run --rm -i -a stdin -a stdout busybox cat`, stdout: 'in\n' },
    { line: `docker run --rm --sig-proxy=false busybox echo quiet`, stdout: 'quiet\n' },
    { line: 'docker rm -f $(docker ps -aq) > id; docker ps -aq', stdout: '' },
    CLEAR,
  ],
};
