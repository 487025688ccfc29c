import { CLEAR, IMPORT_BUSYBOX } from '../common-steps.ts';
import type { Chapter } from '../tour.ts';

export const files: Chapter = {
  title: 'files: cp, diff, commit, export',
  steps: [
    IMPORT_BUSYBOX,
    { line: 'docker run -d --name box busybox sleep 1000', stdout: /^[0-9a-f]{64}\n$/ },
    {
      line: 'docker cp cargo/manifest box:/tmp/',
      code: 0,
      stderr: /Successfully copied [\d.]+kB to box:\/tmp\/\n|^$/,
    },
    { line: 'docker exec box cat /tmp/manifest', stdout: 'twelve bales\n' },
    {
      line: 'docker cp -q cargo/manifest box:/tmp/renamed; docker exec box cat /tmp/renamed',
      stdout: 'twelve bales\n',
    },
    {
      line: 'docker cp cargo box:/hold 2> /dev/null; docker exec box find /hold -type f | sort',
      stdout: '/hold/crates/rum\n/hold/manifest\n',
    },
    {
      line: 'docker cp cargo/. box:/hold2 2> /dev/null; docker exec box ls /hold2',
      stdout: 'crates\nmanifest\n',
    },
    {
      line: 'docker cp cargo box:/hold 2> /dev/null; docker exec box ls /hold/cargo',
      stdout: 'crates\nmanifest\n',
    },
    { line: 'docker cp box:/hold/crates back 2> /dev/null; cat back/rum', stdout: 'rum\n' },
    { line: 'docker cp box:/tmp/manifest - | tar -xO', stdout: 'twelve bales\n' },
    {
      line: 'tar -C cargo -c manifest | docker cp - box:/etc; docker exec box cat /etc/manifest',
      stdout: 'twelve bales\n',
    },
    {
      line: 'tar -C cargo -c manifest | docker cp - box:/nowhere',
      code: 1,
      stderr: /destination "box:\/nowhere" must be a directory/,
    },
    {
      line: 'docker exec box ln -s /tmp/manifest /link; docker cp box:/link alias && readlink alias; docker cp -L box:/link plain && cat plain',
      stdout: '/tmp/manifest\ntwelve bales\n',
    },
    {
      line: 'docker cp box:/nothing x',
      code: 1,
      stderr: /Could not find the file \/nothing in container box/,
    },
    { line: 'docker cp nothing box:/', code: 1, stderr: /no such file or directory/ },
    { line: 'docker cp nobody:/x .', code: 1, stderr: /No such container: nobody/ },
    {
      line: 'docker cp -a cargo/manifest box:/tmp/kept 2> /dev/null; docker exec box stat -c %u:%g /tmp/kept',
      stdout: '0:0\n',
    },
    {
      line: 'docker exec box rm /bin/yes; docker diff box | sort',
      stdout: /A \/hold\nA \/hold\/cargo\n[^]*C \/bin\n[^]*C \/tmp\nD \/bin\/yes\n$/,
    },
    { line: 'docker diff nobody', code: 1, stderr: /No such container: nobody/ },
    {
      line: `docker commit -m 'with cargo' -a 'Ahab <a@sea>' -c 'CMD ["cat","/tmp/manifest"]' -c 'LABEL full=yes' box loaded:1`,
      stdout: /^sha256:[0-9a-f]{64}\n$/,
    },
    { line: 'docker run --rm loaded:1', stdout: 'twelve bales\n' },
    {
      line: `docker image inspect loaded:1 -f '{{.Author}}|{{.Comment}}|{{index .Config.Labels "full"}}|{{len .RootFS.Layers}}'`,
      stdout: 'Ahab <a@sea>|with cargo|yes|2\n',
    },
    { line: `docker history loaded:1 --format '{{.Comment}}' | head -1`, stdout: 'with cargo\n' },
    { line: 'docker commit nobody x', code: 1, stderr: /No such container: nobody/ },
    { line: 'docker commit --pause=false box', stdout: /^sha256:[0-9a-f]{64}\n$/ },
    { line: 'docker export box | tar -t | grep -c "^hold/manifest$"', stdout: '1\n' },
    {
      line: 'docker export -o box.tar box && docker import box.tar flat:1 && docker run --rm flat:1 /bin/cat /tmp/manifest',
      stdout: /^sha256:[0-9a-f]{64}\ntwelve bales\n$/,
    },
    {
      line: 'docker stop -t 0 box && docker cp cargo/manifest box:/tmp/while-stopped 2> /dev/null && docker cp box:/tmp/while-stopped - | tar -xO',
      stdout: 'box\ntwelve bales\n',
    },
    {
      line: 'docker run --name ro --read-only -v $PWD/cargo:/cargo:ro busybox true; docker cp cargo/manifest ro:/x',
      code: 1,
      stderr: /container rootfs is marked read-only/,
    },
    { line: 'docker cp cargo/manifest ro:/cargo/', code: 1, stderr: /mounted volume is marked read-only/ },
    {
      line: 'docker run -d --name vol -v $PWD/cargo:/cargo busybox sleep 1000 > id; docker cp vol:/cargo/manifest - | tar -xO',
      stdout: 'twelve bales\n',
    },
    {
      line: 'docker rm -f $(docker ps -aq) > id; docker rmi -f loaded:1 flat:1 > id; docker ps -aq',
      stdout: '',
    },
    CLEAR,
  ],
};
