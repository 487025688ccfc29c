import { CLEAR } from '../common-steps.ts';
import type { Chapter } from '../tour.ts';

export const life: Chapter = {
  title: 'the life of containers, in lists and in inspect',
  steps: [
    {
      line: `docker import -c 'CMD ["sh"]' -c 'ENV PATH=/bin' -c 'LABEL port=nantucket' busybox.tar busybox`,
      stdout: /^sha256:/,
    },
    { line: `docker run -d --name one -l deck=1 busybox sleep 1000`, stdout: /^[0-9a-f]{64}\n$/ },
    {
      line: `docker run -d --name two -l deck=2 --network none busybox sh -c 'echo out; echo err >&2; sleep 1000'`,
      stdout: /^[0-9a-f]{64}\n$/,
    },
    { line: `docker run --name three -v cellar:/cellar busybox sh -c 'exit 3'`, code: 3 },
    { line: 'docker create --name four -p 9999:80 busybox true', stdout: /^[0-9a-f]{64}\n$/ },
    {
      line: 'docker ps',
      stdout:
        /^CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES\n[0-9a-f]{12} +busybox +"sh -c 'echo out; ec…" .* Up .* +two\n[0-9a-f]{12} +busybox +"sleep 1000" .* Up .* +one\n$/,
    },
    {
      line: `docker ps -a --format '{{.Names}} {{.State}}'`,
      stdout: 'four created\nthree exited\ntwo running\none running\n',
    },
    {
      line: `docker ps -a --no-trunc --format '{{.Command}}' --filter name=two`,
      stdout: `"sh -c 'echo out; echo err >&2; sleep 1000'"\n`,
    },
    {
      line: `docker ps -l --format '{{.Names}}'; docker ps -n 2 --format '{{.Names}}'`,
      stdout: 'four\nfour\nthree\n',
    },
    {
      line: `docker ps -a --filter status=exited --filter exited=3 --format '{{.Names}} {{.Status}}'`,
      stdout: /^three Exited \(3\) .* ago\n$/,
    },
    {
      line: `docker ps -a --filter status=created --format '{{.Names}} {{.Status}}'`,
      stdout: 'four Created\n',
    },
    {
      line: `docker ps --filter label=deck --format '{{.Names}} {{.Label "deck"}}'`,
      stdout: 'two 2\none 1\n',
    },
    { line: `docker ps --filter label=deck=2 --format '{{.Labels}}'`, stdout: /deck=2/ },
    { line: `docker ps -a --filter 'name=^t' --format '{{.Names}}'`, stdout: 'three\ntwo\n' },
    {
      line: `docker ps -a --filter volume=cellar --format '{{.Names}} {{.Mounts}}'`,
      stdout: 'three cellar\n',
    },
    { line: `docker ps -a --filter network=none --format '{{.Names}} {{.Networks}}'`, stdout: 'two none\n' },
    { line: `docker ps -a --filter ancestor=busybox -q | wc -l`, stdout: '4\n' },
    {
      line: `docker ps -a --filter since=one --filter before=four --format '{{.Names}}'`,
      stdout: 'three\ntwo\n',
    },
    {
      line: `docker ps -a --filter id=$(docker inspect -f '{{.Id}}' one | head -c 20) --format '{{.Names}}'`,
      stdout: 'one\n',
    },
    { line: 'docker ps --filter colour=red', code: 1, stderr: /[iI]nvalid filter 'colour'/ },
    {
      line: 'docker ps --filter status=sunk',
      code: 1,
      stderr: /[iI]nvalid filter 'status=(sunk|\[sunk\])'|invalid value for status/i,
    },
    {
      line: `docker ps -s --filter name=one --format '{{.Size}}'`,
      stdout: /^[\d.]+k?B \(virtual [\d.]+[kM]B\)\n$/,
    },
    {
      line: `docker ps --format json --filter name=one | jq -r '.Names + " " + .State'`,
      stdout: 'one running\n',
    },
    {
      line: `docker inspect -f '{{.Name}} {{.State.Status}} {{.State.Running}} {{.Path}} {{json .Args}} {{.Config.Image}} {{.Driver}} {{.Platform}}' one`,
      stdout: '/one running true sleep ["1000"] busybox overlay2 linux\n',
    },
    {
      line: `docker inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}' one`,
      stdout: /^\d+\.\d+\.\d+\.\d+\n$/,
    },
    {
      line: `docker inspect --type container one -f '{{.HostConfig.NetworkMode}} {{.HostConfig.IpcMode}} {{.HostConfig.ShmSize}} {{.HostConfig.LogConfig.Type}}'`,
      stdout: 'bridge private 67108864 json-file\n',
    },
    { line: `docker inspect -s -f '{{.SizeRw}} {{.SizeRootFs}}' one`, stdout: /^\d+ \d{7,}\n$/ },
    {
      line: `docker inspect -f '{{.State.ExitCode}} {{.State.Pid}} {{.State.Error}}|' three`,
      stdout: '3 0 |\n',
    },
    { line: `docker inspect -f '{{.State.StartedAt}}' four`, stdout: '0001-01-01T00:00:00Z\n' },
    { line: `docker inspect -f '{{index .Config.Labels "port"}}' one`, stdout: 'nantucket\n' },
    { line: 'docker inspect nobody', code: 1, stdout: '[]\n', stderr: /No such object: nobody/i },
    { line: 'docker inspect one | jq -r ".[0] | keys | length > 20"', stdout: 'true\n' },
    { line: 'docker start one', stdout: 'one\n' },
    { line: 'docker start nobody', code: 1, stderr: /No such container: nobody/ },
    { line: 'docker pause one', stdout: 'one\n' },
    { line: 'docker pause one', code: 1, stderr: /Container [0-9a-f]{64} is already paused/ },
    {
      line: `docker ps --filter status=paused --format '{{.Names}} {{.Status}}'`,
      stdout: /^one Up .* \(Paused\)\n$/,
    },
    {
      line: 'docker exec one true',
      code: 1,
      stderr: /[cC]ontainer (one|[0-9a-f]{64}) is paused, unpause the container before exec/,
    },
    { line: 'docker unpause one', stdout: 'one\n' },
    { line: 'docker unpause one', code: 1, stderr: /Container [0-9a-f]{64} is not paused/ },
    { line: 'docker rename one uno', stdout: '' },
    {
      line: 'docker rename uno two',
      code: 1,
      stderr: /The container name "\/two" is already in use by container "[0-9a-f]{64}"/,
    },
    { line: 'docker rename uno "b a d"', code: 1, stderr: /Invalid container name \(\/?b a d\), only/ },
    { line: 'docker rename nobody somebody', code: 1, stderr: /No such container: nobody/ },
    {
      line: `docker update -m 64m --memory-swap 64m --cpus 0.5 --restart unless-stopped uno`,
      stdout: 'uno\n',
    },
    {
      line: `docker inspect -f '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.RestartPolicy.Name}}' uno`,
      stdout: '67108864 500000000 unless-stopped\n',
    },
    { line: 'docker update --restart no uno', stdout: 'uno\n' },
    {
      line: 'docker top uno',
      stdout: /^UID +PID +PPID +C +STIME +TTY +TIME +CMD\n(root|0) +\d+ +\d+ .* sleep 1000\n$/,
    },
    { line: 'docker top uno -o pid,comm', stdout: /^PID +COMMAND\n\d+ +sleep\n$/ },
    { line: 'docker top three', code: 1, stderr: /[cC]ontainer [0-9a-f]{64} is not running/ },
    {
      line: `docker stats --no-stream --format '{{.Name}} {{.CPUPerc}} {{.PIDs}}' uno`,
      stdout: /^uno \d+\.\d+% 1\n$/,
    },
    {
      line: 'docker stats --no-stream',
      stdout: /^CONTAINER ID +NAME +CPU % +MEM USAGE \/ LIMIT +MEM % +NET I\/O +BLOCK I\/O +PIDS\n(.*\n){2}$/,
    },
    {
      line: `docker run -d --name busy busybox sh -c 'while :; do :; done' > id; docker stats --no-stream --format '{{.CPUPerc}}' busy`,
      stdout: /^[1-9]\d*\.\d+%\n$/,
      eventually: true,
    },
    { line: 'docker kill busy', stdout: 'busy\n' },
    { line: `docker inspect -f '{{.State.ExitCode}}' busy; docker rm busy`, stdout: '137\nbusy\n' },
    { line: 'docker kill three', code: 1, stderr: /[cC]ontainer [0-9a-f]{64} is not running/ },
    { line: 'docker kill -s NONSENSE uno', code: 1, stderr: /[iI]nvalid signal: NONSENSE/ },
    {
      line: `docker run -d --name ear busybox sh -c 'trap "echo heard" HUP; while :; do sleep 0.05; done' > id; docker kill -s HUP ear`,
      stdout: 'ear\n',
    },
    { line: 'docker kill -s 1 ear > id; docker logs ear', stdout: /^(heard\n)+$/, eventually: true },
    { line: `docker stop -t 0 ear; docker wait ear`, stdout: 'ear\n137\n' },
    { line: 'docker stop ear', stdout: 'ear\n' },
    { line: 'docker restart -t 0 ear uno', stdout: 'ear\nuno\n' },
    { line: `docker inspect -f '{{.State.Running}} {{.RestartCount}}' ear`, stdout: 'true 0\n' },
    {
      line: `docker wait ear & sleep 0.3; docker kill -s TERM ear > id; docker kill ear > id; wait`,
      stdout: '137\n',
    },
    { line: 'docker wait nobody', code: 1, stderr: /No such container: nobody/ },
    {
      line: 'docker rm uno',
      code: 1,
      stderr:
        /container is running: stop the container before removing or force remove|You cannot remove a running container [0-9a-f]{64}\. Stop the container before attempting removal or force remove/,
    },
    { line: 'docker rm nobody', code: 1, stderr: /No such container: nobody/ },
    {
      line: 'docker rm -f nobody',
      code: 0,
      stderr: /No such container: nobody/,
      differs: 'docker(1) 28 asks the daemon, and takes 404 for success',
    },
    {
      line: 'docker container prune -f',
      stdout: /^Deleted Containers:\n([0-9a-f]{64}\n){3}\nTotal reclaimed space: [\d.]+k?B\n$/,
    },
    { line: 'docker container prune -f --filter label=nothing', stdout: 'Total reclaimed space: 0B\n' },
    { line: 'docker rm -f $(docker ps -aq) | wc -l', stdout: '2\n' },
    { line: 'docker volume rm cellar', stdout: 'cellar\n' },
    CLEAR,
  ],
};
