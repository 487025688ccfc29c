import { CLEAR } from '../common-steps.ts';
import type { Chapter } from '../tour.ts';

const ID = /^sha256:[0-9a-f]{64}\n$/;

export const images: Chapter = {
  title: 'images: made, named, moved and removed',
  steps: [
    {
      line: `docker import -c 'CMD ["sh"]' -c 'ENV PATH=/bin' -m 'a first image' busybox.tar busybox`,
      stdout: ID,
    },
    {
      line: 'docker image ls',
      stdout: /^REPOSITORY +TAG +IMAGE ID +CREATED +SIZE\nbusybox +latest +[0-9a-f]{12} /,
    },
    { line: 'docker images -q', stdout: /^[0-9a-f]{12}\n$/ },
    { line: 'docker images --no-trunc -q', stdout: ID },
    {
      line: `docker images --format '{{.Repository}}:{{.Tag}} {{.CreatedSince}}'`,
      stdout: /^busybox:latest .* ago\n$/,
    },
    {
      line: `docker image inspect busybox -f '{{json .Config.Cmd}} {{json .Config.Env}} {{.Os}}/{{.Architecture}}'`,
      stdout: '["sh"] ["PATH=/bin"] linux/amd64\n',
    },
    {
      line: `docker image inspect busybox -f '{{.Comment}} {{len .RootFS.Layers}} {{.RootFS.Type}}'`,
      stdout: 'a first image 1 layers\n',
    },
    { line: 'docker image inspect nothing', code: 1, stdout: '[]\n', stderr: /No such image: nothing/ },
    { line: 'docker history --no-trunc -q busybox', stdout: ID },
    { line: `docker history --format '{{.Comment}}' busybox`, stdout: 'a first image\n' },
    { line: 'docker tag busybox $OPEN/harbour/busybox:1', stdout: '' },
    {
      line: 'docker tag nothing other',
      code: 1,
      stderr: /^Error response from daemon: No such image: nothing:latest\n$/,
    },
    { line: 'docker tag busybox UPPER', code: 1, stderr: /invalid reference format|must be lowercase/ },
    {
      line: `docker images --filter reference='*/harbour/*' --format '{{.Repository}}'`,
      stdout: '127.0.0.1:5000/harbour/busybox\n',
    },
    { line: `docker images --filter dangling=true -q`, stdout: '' },
    {
      line: `docker images --filter colour=red -q`,
      code: 1,
      stderr: /invalid filter 'colour'|Invalid filter 'colour'/,
    },
    {
      line: 'docker push $OPEN/harbour/busybox:1',
      stdout:
        /^The push refers to repository \[127\.0\.0\.1:5000\/harbour\/busybox\]\n[^]*: Pushed\n[^]*1: digest: sha256:[0-9a-f]{64} size: \d+\n$/,
    },
    { line: 'docker push -q $OPEN/harbour/busybox:1', stdout: '127.0.0.1:5000/harbour/busybox:1\n' },
    { line: 'docker push $OPEN/harbour/busybox:1', stdout: /: Layer already exists\n/ },
    {
      line: 'docker push $OPEN/harbour/nothing',
      code: 1,
      stderr: /An image does not exist locally with the tag: 127\.0\.0\.1:5000\/harbour\/nothing/,
    },
    {
      line: `docker image inspect $OPEN/harbour/busybox:1 -f '{{index .RepoDigests 0}}'`,
      stdout: /^127\.0\.0\.1:5000\/harbour\/busybox@sha256:[0-9a-f]{64}\n$/,
    },
    {
      line: 'docker rmi $OPEN/harbour/busybox:1',
      stdout:
        /^Untagged: 127\.0\.0\.1:5000\/harbour\/busybox:1\nUntagged: 127\.0\.0\.1:5000\/harbour\/busybox@sha256:[0-9a-f]{64}\n$/,
    },
    {
      line: 'docker pull $OPEN/harbour/busybox:1',
      stdout:
        /^1: Pulling from harbour\/busybox\n[^]*Digest: sha256:[0-9a-f]{64}\nStatus: Downloaded newer image for 127\.0\.0\.1:5000\/harbour\/busybox:1\n127\.0\.0\.1:5000\/harbour\/busybox:1\n$/,
    },
    {
      line: 'docker pull $OPEN/harbour/busybox:1',
      stdout: /Status: Image is up to date for 127\.0\.0\.1:5000\/harbour\/busybox:1\n/,
    },
    { line: 'docker pull -q $OPEN/harbour/busybox:1', stdout: '127.0.0.1:5000/harbour/busybox:1\n' },
    { line: 'docker pull -a $OPEN/harbour/busybox', stdout: /1: Pulling from harbour\/busybox\n/ },
    {
      line: 'docker pull $OPEN/harbour/busybox:2',
      code: 1,
      stderr: /manifest for 127\.0\.0\.1:5000\/harbour\/busybox:2 not found: manifest unknown/,
    },
    {
      line: 'docker pull 127.0.0.1:1/nobody',
      code: 1,
      stderr: /^Error response from daemon: .*(connection refused|connection was refused)/,
    },
    {
      line: 'docker pull "$OPEN/harbour/busybox@$(docker image inspect $OPEN/harbour/busybox:1 -f \'{{index .RepoDigests 0}}\' | cut -d@ -f2)"',
      stdout: /Digest: sha256:/,
    },
    {
      line: 'docker run --pull always $OPEN/harbour/busybox:1 echo ahoy',
      stdout: /^ahoy\n$/,
      stderr: /Status: Image is up to date/,
    },
    { line: 'docker manifest inspect --insecure $OPEN/harbour/busybox:1', stdout: /"schemaVersion": 2/ },
    {
      line: 'docker tag busybox $GUARDED/private/busybox && docker push $GUARDED/private/busybox',
      code: 1,
      stderr: /no basic auth credentials|if it is private, sign in/,
    },
    {
      line: 'docker login -u $USERNAME -p wrong $GUARDED',
      code: 1,
      stderr: /login attempt to http:\/\/127\.0\.0\.1:5001\/v2\/ failed with status: 401 Unauthorized/,
    },
    {
      line: 'echo $PASSWORD | docker login -u $USERNAME --password-stdin $GUARDED',
      stdout: /Login Succeeded\n/,
    },
    { line: 'docker push $GUARDED/private/busybox', stdout: /latest: digest: sha256:/ },
    {
      line: 'docker rmi $GUARDED/private/busybox && docker pull -q $GUARDED/private/busybox',
      stdout: /127\.0\.0\.1:5001\/private\/busybox:latest\n$/,
    },
    { line: 'docker logout $GUARDED', stdout: 'Removing login credentials for 127.0.0.1:5001\n' },
    {
      line: 'docker pull $GUARDED/private/busybox',
      code: 1,
      stderr:
        /no basic auth credentials|pull access denied for 127\.0\.0\.1:5001\/private\/busybox, repository does not exist or may require 'docker login'/,
    },
    {
      line: 'docker search --limit 5 $INDEX/tide',
      stdout: /^NAME +DESCRIPTION +STARS +OFFICIAL\n(library\/|127\.0\.0\.1:5002\/)?tide /,
      differs: 'Longshore looks through the catalogue of registries other than Docker Hub',
    },
    { line: `docker search --filter stars=100 --format '{{.Name}}' $INDEX/tide`, stdout: '' },
    { line: 'docker save -o saved.tar busybox && tar -tf saved.tar | grep -c manifest.json', stdout: '1\n' },
    { line: 'docker save nothing', code: 1, stderr: /No such image: nothing|No such image: nothing:latest/ },
    {
      line: 'docker tag busybox saved:1 && docker save saved:1 busybox > two.tar && docker rmi saved:1',
      stdout: 'Untagged: saved:1\n',
    },
    { line: 'docker load -i two.tar', stdout: /Loaded image: saved:1\n/ },
    { line: 'docker load < saved.tar', stdout: 'Loaded image: busybox:latest\n' },
    { line: 'echo nonsense | docker load', code: 1, stderr: /./ },
    {
      line: 'docker import greeting.tar.gz greeting:1 && docker image inspect -f "{{len .RootFS.Layers}}" greeting:1',
      stdout: /^sha256:[0-9a-f]{64}\n1\n$/,
    },
    { line: 'cat busybox.tar | docker import --change "WORKDIR /srv" - piped:1', stdout: ID },
    { line: 'docker create --name keeper greeting:1 /nothing', stdout: /^[0-9a-f]{64}\n$/ },
    { line: 'docker rmi greeting:1', code: 1, stderr: /conflict: unable to (remove|delete)/ },
    { line: 'docker rmi -f greeting:1', stdout: /^Untagged: greeting:1\n/ },
    { line: 'docker rm keeper', stdout: 'keeper\n' },
    {
      line: 'docker image prune -f',
      stdout: /^(Deleted Images:\n(untagged: .*\n)*deleted: sha256:[^]*\n)?Total reclaimed space: /,
    },
    {
      line: 'docker rmi nothing',
      code: 1,
      stderr: 'Error response from daemon: No such image: nothing:latest\n',
    },
    {
      line: 'docker rm -f $(docker ps -aq) > id; docker image prune -af',
      stdout:
        /^Deleted Images:\n[^]*untagged: busybox:latest\n[^]*deleted: sha256:[0-9a-f]{64}\n[^]*\nTotal reclaimed space: [\d.]+[kM]?B\n$/,
    },
    CLEAR,
  ],
};
