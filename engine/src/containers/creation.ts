import { randomBytes } from 'node:crypto';
import type { ContainerRequest } from '../contract/index.ts';
import type { ContainerMount, VolumeUser } from '../types/index.ts';
import { Container } from './container.ts';
import { publishContainer } from './container-events.ts';
import { platformWarnings } from './foreign-platform.ts';
import { checkAddressesFree } from './networking/taken-addresses.ts';
import { networkingWarnings } from './spec/networking.ts';
import { containerSpec, type Surroundings } from './spec/container-spec.ts';
import type { Peer } from './spec/namespaces.ts';
import { type MountPlan, mountPlan } from './spec/volume-mounts.ts';
import type { ContainerImage } from './image-source.ts';
import { generateName } from './names.ts';
import type { Parts } from './parts.ts';
import type { ContainerRecord } from './record.ts';
import { discardAnonymous, prepareVolumes, volumeUser } from './volumes.ts';

interface UnderWay {
  readonly id: string;
  readonly name: string;
  readonly imageId: string;
  readonly mounts: readonly ContainerMount[];
}

interface NewRecord extends Pick<ContainerRecord, 'id' | 'name' | 'spec'> {
  readonly image: ContainerImage;
  readonly asked: string;
}

/** Makes containers: their identity, their spec and their record. The runtime hears of them at their first start. */
export class Creation {
  private readonly parts: Parts;
  /** Containers that are being made: no image and no volume may go away under them. */
  private readonly underWay = new Map<string, UnderWay>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async create(request: ContainerRequest, signal?: AbortSignal): Promise<Container> {
    const { table, records, events, images } = this.parts;
    const id = randomBytes(32).toString('hex');
    const name = request.name ?? generateName((candidate) => table.isNameTaken(candidate));
    table.reserveName(name, id);
    let plan: MountPlan = { mounts: [], volumes: [] };
    try {
      const claim = (imageId: string): void => void this.underWay.set(id, { id, imageId, name, mounts: [] });
      const image = await images.resolve(request.image, claim, request.platform);
      plan = mountPlan(request, image.config.volumes, (nameOrId) => this.peer(nameOrId));
      const spec = containerSpec(id, request, this.around(image, plan.mounts));
      checkAddressesFree(spec, table.all());
      this.underWay.set(id, { id, imageId: image.id, name, mounts: plan.mounts });
      await prepareVolumes(this.parts, plan, image.chainIds, signal);
      const record = this.newRecord({ id, name, asked: request.image, image, spec });
      await records.put(id, record);
      const container = new Container(record);
      table.add(container);
      publishContainer(events, 'create', container);
      return container;
    } catch (thrown) {
      table.releaseName(name, id);
      this.underWay.delete(id);
      await discardAnonymous(this.parts, plan.mounts);
      throw thrown;
    } finally {
      this.underWay.delete(id);
    }
  }

  private around(image: ContainerImage, mounts: readonly ContainerMount[]): Surroundings {
    const { table, host, networks } = this.parts;
    return {
      image,
      mounts,
      networks,
      find: (nameOrId) => this.peer(nameOrId),
      idMappings: () => table.all().flatMap(({ record }) => record.spec.idMapping ?? []),
      machineName: host().hostname,
    };
  }

  private peer(nameOrId: string): Peer {
    const { id, name, record } = this.parts.table.find(nameOrId);
    return { id, name, spec: record.spec };
  }

  volumeUsers(volume: string): readonly VolumeUser[] {
    return [...this.underWay.values()].flatMap(
      ({ id, name, mounts }) => volumeUser({ id, name, running: false }, mounts, volume) ?? [],
    );
  }

  usersOf(imageId: string): readonly { readonly id: string; readonly name: string }[] {
    return [...this.underWay]
      .filter(([, creation]) => creation.imageId === imageId)
      .map(([id, { name }]) => ({ id, name }));
  }

  private newRecord({ id, name, asked, image, spec }: NewRecord): ContainerRecord {
    return {
      id,
      name,
      image: { reference: image.reference, id: image.id, asked },
      chainIds: image.chainIds,
      platform: image.platform,
      createdAt: this.parts.clock.now().toISOString(),
      spec,
      lastRun: null,
      restartCount: 0,
      stoppedByHand: false,
      failure: null,
      warnings: [
        ...platformWarnings(image.platform, this.parts.host().architecture),
        ...networkingWarnings(spec),
      ],
      removing: false,
      removingVolumes: false,
    };
  }
}
