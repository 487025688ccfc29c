import type { Step } from './tour.ts';

/** How a chapter begins. */
export const IMPORT_BUSYBOX: Step = {
  line: `docker import -c 'CMD ["sh"]' -c 'ENV PATH=/bin' busybox.tar busybox`,
  stdout: /^sha256:[0-9a-f]{64}\n$/,
};

/** How it ends, whatever became of it: the next one begins with an empty engine. */
export const CLEAR: Step = {
  line: `docker ps -aq | xargs -r docker rm -fv > /dev/null; docker images -aq | xargs -r docker rmi -f > /dev/null 2>&1
    docker network prune -f > /dev/null; docker volume ls -q | xargs -r docker volume rm -f > /dev/null
    docker ps -aq; docker images -aq; docker volume ls -q`,
  stdout: '',
};
