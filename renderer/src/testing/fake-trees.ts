import type { ContainerDetails } from '@longshore/engine/types';
import { FakeFiles, type FakeNode, linkNode, textNode } from './fake-files.ts';

/** A picture of 24 by 16 points in the brand's colour. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAABgAAAAQCAIAAACDRijCAAAAIklEQVR4nGP8Wq/GQA3ARBVTRg0aNWjUoFGDRg0aNWjwGgQAcKQBtzXC0YUAAAAASUVORK5CYII=';

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

const NGINX = `worker_processes auto;

events {
  worker_connections 1024;
}

http {
  server {
    listen 80;
    root /usr/share/nginx/html;
  }
}
`;

/** A small Linux, with what the fake difference from the image speaks of. */
export function containerTree({ name }: ContainerDetails): FakeFiles {
  const nodes: Record<string, FakeNode> = {
    '/bin': linkNode('usr/bin'),
    '/dev/null': textNode(''),
    '/etc/hostname': textNode(`${name}\n`),
    '/etc/motd': textNode(`Welcome to ${name}.\n`),
    '/etc/nginx/nginx.conf': textNode(NGINX),
    '/etc/os-release': textNode('NAME="Debian GNU/Linux"\nVERSION_ID="12"\n'),
    '/etc/passwd': textNode('root:x:0:0:root:/root:/bin/sh\nnginx:x:101:101::/nonexistent:/bin/false\n'),
    '/etc/resolv.conf': textNode('nameserver 127.0.0.11\n'),
    '/home/.keep': textNode(''),
    '/run/app.pid': textNode('1\n'),
    '/tmp/.keep': textNode(''),
    '/usr/bin/busybox': textNode('', {
      mode: 0o755,
      data: Uint8Array.from({ length: 70_000 }, (_, at) => at % 251),
    }),
    '/usr/bin/sh': linkNode('busybox'),
    '/usr/share/nginx/html/index.html': textNode('<h1>It works.</h1>\n', { uid: 101, gid: 101 }),
    '/usr/share/nginx/html/logo.png': textNode('', { data: bytesOf(PICTURE), uid: 101, gid: 101 }),
    '/var/log/app.log': textNode('listening on :80\n'.repeat(40)),
  };
  for (let index = 0; index < 1200; index += 1) {
    nodes[`/var/cache/pages/${String(index).padStart(4, '0')}.html`] = textNode(`<p>${index}</p>\n`);
  }
  return new FakeFiles(nodes);
}

const TREES: Readonly<Record<string, Readonly<Record<string, FakeNode>>>> = {
  pgdata: {
    '/PG_VERSION': textNode('17\n', { uid: 999, gid: 999, mode: 0o600 }),
    '/postgresql.conf': textNode('max_connections = 100\nshared_buffers = 128MB\n', { uid: 999, gid: 999 }),
    '/base/1/112': textNode('', { data: new Uint8Array(8192), uid: 999, gid: 999, mode: 0o600 }),
    '/base/1/113': textNode('', { data: new Uint8Array(24_576), uid: 999, gid: 999, mode: 0o600 }),
    '/pg_wal/000000010000000000000001': textNode('', {
      data: new Uint8Array(262_144),
      uid: 999,
      gid: 999,
      mode: 0o600,
    }),
  },
  uploads: {
    '/2026/logo.png': textNode('', { data: bytesOf(PICTURE) }),
    '/2026/readme.txt': textNode('What people have sent us.\n'),
    '/index.json': textNode('{\n  "files": 2\n}\n'),
  },
};

export function volumeTree(name: string): FakeFiles {
  return new FakeFiles(TREES[name] ?? {});
}
