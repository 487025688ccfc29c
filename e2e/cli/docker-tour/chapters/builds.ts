import { CLEAR, IMPORT_BUSYBOX } from '../common-steps.ts';
import type { Chapter } from '../tour.ts';

const ID = /^sha256:[0-9a-f]{64}\n$/;

export const builds: Chapter = {
  title: 'builds: arguments, targets, tags, the cache, and failures',
  steps: [
    IMPORT_BUSYBOX,
    {
      line: `mkdir -p yard/sub && cd yard && echo ahoy > hello && echo no > secret && printf 'secret\\n*.log\\n' > .dockerignore
        touch a.log && printf '%s\\n' 'FROM busybox AS base' 'ARG WHO=nobody' 'ENV MOOD=calm' 'RUN echo for $WHO | tee /who' \\
        'FROM base AS final' 'LABEL deck=lower' 'COPY . /yard' 'WORKDIR /yard' 'CMD ["cat", "hello"]' > Dockerfile`,
    },
    {
      line: 'docker build -t yard:1 -t yard:2 --build-arg WHO=Ahab --label crew=full yard',
      stdout:
        /^Sending build context to Docker daemon [^]*Step 1\/\d+ : FROM busybox AS base\n[^]*Step \d+\/\d+ : RUN echo for \$WHO \| tee \/who\n[^]*for Ahab\n[^]*Successfully built [0-9a-f]{12}\nSuccessfully tagged yard:1\nSuccessfully tagged yard:2\n$/,
    },
    { line: 'docker run --rm yard:1', stdout: 'ahoy\n' },
    { line: 'docker run --rm yard:2 ls -A', stdout: /hello/ },
    { line: 'docker run --rm yard:2 ls -A secret a.log', code: 1, stderr: /secret: No such file/ },
    { line: 'docker run --rm yard:2 cat /who', stdout: 'for Ahab\n' },
    {
      line: `docker inspect -f '{{index .Config.Labels "crew"}} {{index .Config.Labels "deck"}} {{.Config.WorkingDir}}' yard:1`,
      stdout: 'full lower /yard\n',
    },
    {
      line: 'docker build -t yard:3 --build-arg WHO=Ahab --label crew=full yard',
      stdout: /RUN echo for \$WHO \| tee \/who\n ---> Using cache\n[^]*Successfully built/,
    },
    {
      line: `test $(docker images -q --no-trunc yard:1) = $(docker images -q --no-trunc yard:3)`,
    },
    {
      line: 'docker build --no-cache --build-arg WHO=Starbuck -t yard:4 yard',
      stdout: /^(?![^]*Using cache)[^]*for Starbuck\n/,
    },
    { line: 'docker build -q yard', stdout: ID },
    {
      line: 'docker build --target base -t yard:base yard',
      stdout: /^(?![^]*COPY)[^]*Successfully tagged yard:base\n$/,
    },
    {
      line: 'docker build --target nowhere yard',
      code: 1,
      stderr: /nowhere/,
    },
    {
      line: `printf 'FROM busybox\\nRUN echo outside > /where\\n' > elsewhere && docker build -q -f elsewhere -t outside yard`,
      stdout: ID,
    },
    { line: 'docker run --rm outside cat /where', stdout: 'outside\n' },
    {
      line: `printf 'FROM busybox\\nRUN echo typed > /where\\n' | docker build -t typed -`,
      stdout: /Successfully tagged typed:latest\n$/,
    },
    { line: `tar -C yard -c . | docker build -q -`, stdout: ID },
    {
      line: `printf 'FROM busybox\\nRUN echo before; echo aside >&2; exit 7\\n' | docker build -`,
      code: 7,
      stdout: /before\n/,
      stderr: /The command '\/bin\/sh -c echo before; echo aside >&2; exit 7' returned a non-zero code: 7\n$/,
    },
    {
      line: `printf 'FROM busybox\\nSAIL away\\n' | docker build -`,
      code: 1,
      stderr: /SAIL/,
    },
    { line: `printf 'FROM busybox\\nCOPY missing /\\n' | docker build -`, code: 1, stderr: /missing/ },
    { line: 'docker build yard/nowhere', code: 1, stderr: /path .* not found/ },
    {
      line: `printf 'FROM busybox\\nRUN wget -q http://127.0.0.1/ || ls /sys/class/net\\n' | docker build --network none -`,
      stdout: /lo\n/,
    },
    {
      line: `printf 'FROM busybox\\nRUN grep tower /etc/hosts\\n' | docker build --add-host tower:10.1.2.3 -`,
      stdout: /10\.1\.2\.3\s+tower/,
    },
    {
      line: `printf 'FROM busybox\\nRUN ulimit -n; df -k /dev/shm | tail -1\\n' | docker build --ulimit nofile=99:99 --shm-size 1m -`,
      stdout: /\n99\n[^]*\b1024\b/,
    },
    {
      line: `printf 'FROM 127.0.0.1:9/none:1\\n' | docker build -`,
      code: 1,
      stderr: /127\.0\.0\.1:9/,
    },
    { line: 'docker build --squash yard', code: 1, stderr: /squash/ },
    {
      line: `DOCKER_BUILDKIT=1 docker build yard`,
      code: 1,
      stderr: /buildx/,
    },
    { line: 'docker builder prune -af', stdout: /Total reclaimed space: / },
    CLEAR,
  ],
};
