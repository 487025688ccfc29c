import { CLEAR, IMPORT_BUSYBOX } from '../common-steps.ts';
import type { Chapter } from '../tour.ts';

export const system: Chapter = {
  title: 'the engine itself: version, info, events, df, prune, context',
  steps: [
    IMPORT_BUSYBOX,
    {
      line: 'docker version',
      stdout:
        /^Client:[^]*\nServer:[^]*Engine:\n {2}Version: +\S+\n {2}API version: +\S+ \(minimum version \S+\)\n/,
    },
    {
      line: `docker version -f '{{.Server.Os}}/{{.Server.Arch}} {{.Server.MinAPIVersion}}'`,
      stdout: /^linux\/amd64 1\.\d+\n$/,
    },
    {
      line: `DOCKER_API_VERSION=1.30 docker version -f '{{.Client.APIVersion}}'; DOCKER_API_VERSION=1.30 docker ps -q`,
      stdout: '1.30\n',
    },
    {
      line: 'DOCKER_API_VERSION=1.99 docker ps',
      code: 1,
      stderr: /client version 1\.99 is too new\. Maximum supported API version is 1\.\d+/,
    },
    {
      line: 'DOCKER_API_VERSION=1.3 docker ps',
      code: 1,
      stderr:
        /client version 1\.3 is too old\. Minimum supported API version is 1\.\d+, please upgrade your client to a newer version/,
    },
    {
      line: 'docker info',
      stdout:
        /^Client:[^]*Server:\n Containers: 0\n {2}Running: 0\n {2}Paused: 0\n {2}Stopped: 0\n Images: 1\n Server Version: \S+\n Storage Driver: overlay2\n[^]* Swarm: inactive\n[^]* OSType: linux\n Architecture: x86_64\n CPUs: \d+\n Total Memory: [\d.]+GiB\n/,
    },
    {
      line: `docker info -f '{{.OSType}} {{.Driver}} {{.LoggingDriver}} {{.CgroupDriver}} {{.Swarm.LocalNodeState}} {{.DefaultRuntime}}'`,
      stdout: 'linux overlay2 json-file cgroupfs inactive runc\n',
    },
    {
      line: 'docker node ls',
      code: 1,
      stderr:
        /This node is not a swarm manager\. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again\./,
    },
    { line: 'docker service ls', code: 1, stderr: /This node is not a swarm manager/ },
    { line: 'docker stack ls', code: 1, stderr: /This node is not a swarm manager/ },
    { line: 'docker plugin ls -q', stdout: '' },
    {
      line: `docker system df`,
      stdout:
        /^TYPE +TOTAL +ACTIVE +SIZE +RECLAIMABLE\nImages +1 +0 +[\d.]+[kM]B +[\d.]+[kM]B \(100%\)\nContainers +0 +0 +0B +0B\nLocal Volumes +0 +0 +0B +0B\nBuild Cache +0 +0 +0B +0B\n$/,
    },
    {
      line: 'docker run -d --name used -v data:/data busybox sh -c "echo four > /data/four; echo six > /six; sleep 1000"',
      stdout: /^[0-9a-f]{64}\n$/,
    },
    {
      line: 'docker system df -v',
      stdout:
        /Images space usage:\n\nREPOSITORY +TAG +IMAGE ID +CREATED +SIZE +SHARED SIZE +UNIQUE SIZE +CONTAINERS\nbusybox +latest +[0-9a-f]{12} .* 1\n\nContainers space usage:\n\nCONTAINER ID +IMAGE +COMMAND +LOCAL VOLUMES +SIZE +CREATED +STATUS +NAMES\n[0-9a-f]{12} +busybox +"sh -c 'echo four > …" +1 +[\d.]+k?B +.* Up .* +used\n\nLocal Volumes space usage:\n\nVOLUME NAME +LINKS +SIZE\ndata +1 +[\d.]+k?B\n/,
      eventually: true,
    },
    {
      line: `docker system df --format '{{.Type}} {{.TotalCount}} {{.Active}}'`,
      stdout: 'Images 1 1\nContainers 1 1\nLocal Volumes 1 1\nBuild Cache 0 0\n',
    },
    { line: 'date +%s.%N > begun; docker run --name short -l deck=9 busybox sh -c "exit 2"', code: 2 },
    {
      line: `docker events --since $(cat begun) --until $(date +%s.%N) --filter container=short --format '{{.Type}} {{.Action}}'`,
      stdout: /^container create\ncontainer attach\ncontainer start\n(container resize\n)?container die\n$/,
    },
    {
      line: `docker events --since $(cat begun) --until $(date +%s.%N) --filter event=die --format '{{.Actor.Attributes.exitCode}} {{.Actor.Attributes.image}} {{.Actor.Attributes.name}} {{.Actor.Attributes.deck}}'`,
      stdout: '2 busybox short 9\n',
    },
    {
      line: `docker events --since $(cat begun) --until $(date +%s.%N) --filter type=network --format '{{.Action}} {{.Actor.Attributes.name}} {{.Actor.Attributes.type}}'`,
      stdout: 'connect bridge bridge\ndisconnect bridge bridge\n',
    },
    {
      line: `docker events --since $(cat begun) --until $(date +%s.%N) --filter label=deck=9 | head -1`,
      stdout:
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}\S+ container create [0-9a-f]{64} \(deck=9, image=busybox, name=short\)\n$/,
    },
    {
      line: `docker events --since $(cat begun) --until $(date +%s.%N) --format json --filter event=start | jq -r '.status + " " + .from + " " + .scope'`,
      stdout: /^start busybox local\n$/,
    },
    {
      line: 'docker events --filter colour=red',
      code: 1,
      stderr: /invalid filter 'colour'/,
      oursAlone: true,
    },
    {
      line: `docker events --since $(date +%s) --filter event=rename --format '{{.Actor.Attributes.oldName}} {{.Actor.Attributes.name}}' > seen & sleep 0.5; docker rename short brief; until test -s seen; do sleep 0.05; done; kill %1; cat seen`,
      stdout: '/short brief\n',
    },
    {
      line: `date +%s.%N > begun; docker exec used true; docker kill -s HUP used > id; docker cp used:/six - > id; docker pause used > id; docker unpause used > id; docker events --since $(cat begun) --until $(date +%s.%N) --filter container=used --format '{{.Action}}'`,
      stdout: /^exec_create: true ?\nexec_start: true ?\nexec_die\nkill\narchive-path\npause\nunpause\n/,
    },
    {
      line: `date +%s.%N > begun; docker tag busybox named:1; docker rmi named:1 > id; docker volume create vv > id; docker volume rm vv > id; docker network create nn > id; docker network rm nn > id; docker events --since $(cat begun) --until $(date +%s.%N) --format '{{.Type}} {{.Action}}'`,
      stdout: 'image tag\nimage untag\nvolume create\nvolume destroy\nnetwork create\nnetwork destroy\n',
    },
    {
      line: 'docker rm -f used brief > id; docker run --name done busybox true; docker network create idle > id; docker system prune -f',
      stdout:
        /^Deleted Containers:\n[0-9a-f]{64}\n\nDeleted Networks:\nidle\n\nTotal reclaimed space: [\d.]+k?B\n$/,
    },
    {
      line: 'docker system prune -af --volumes',
      stdout:
        /Deleted Images:\nuntagged: busybox:latest\ndeleted: sha256:[0-9a-f]{64}\n[^]*Total reclaimed space: [\d.]+[kM]B\n$/,
    },
    { line: 'docker builder prune -f', stdout: /Total( reclaimed space)?:\s+0B\n$/ },
    {
      line: '$LONGSHORE context install && docker context ls --format "{{.Name}} {{.Description}}" | grep longshore',
      stdout: /longshore Longshore\n$/,
      oursAlone: true,
    },
    { line: 'docker --context longshore ps -q', stdout: '', oursAlone: true },
    {
      line: `DOCKER_HOST= docker --context longshore version -f '{{.Server.Platform.Name}}'`,
      stdout: 'Longshore\n',
      oursAlone: true,
    },
    {
      line: 'docker context inspect longshore -f "{{.Endpoints.docker.Host}}" | sed "s:.*/::"',
      stdout: 'docker.sock\n',
      oursAlone: true,
    },
    { line: '$LONGSHORE context remove && docker context ls -q', stdout: /default\n/, oursAlone: true },
    {
      line: 'docker context create other --docker host=$DOCKER_HOST && docker --context other ps -q && docker context rm other',
      stdout: 'other\nother\n',
    },
    CLEAR,
  ],
};
