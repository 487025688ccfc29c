import type { Volume } from '@longshore/engine/types';
import { ago, DAY, fakeId } from './fake-parts.ts';

export function fakeVolume(name: string, part: Partial<Volume> = {}): Volume {
  return {
    name,
    driver: 'local',
    mountpoint: `/var/lib/longshore/agent/volumes/${name}/data`,
    labels: {},
    options: {},
    anonymous: false,
    createdAt: new Date().toISOString(),
    usedBy: [],
    ...part,
  };
}

export function believableVolumes(): Volume[] {
  return [
    fakeVolume('pgdata', { createdAt: ago(31 * DAY), labels: { 'com.docker.compose.project': 'shop' } }),
    fakeVolume('uploads', { createdAt: ago(12 * DAY) }),
    fakeVolume('old-pgdata-16', { createdAt: ago(80 * DAY) }),
    fakeVolume('reports', {
      createdAt: ago(5 * DAY),
      options: { type: 'nfs', device: ':/srv/reports', o: 'addr=192.168.1.10,ro' },
    }),
    fakeVolume(fakeId('anonymous of the cache'), { createdAt: ago(2 * DAY), anonymous: true }),
  ];
}
