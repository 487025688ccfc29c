import { randomBytes } from 'node:crypto';
import type { ContainerRequest } from '../contract/index.ts';
import { Container } from './container.ts';
import { publishContainer } from './container-events.ts';
import { networkingWarnings } from './spec/networking.ts';
import { containerSpec, type Surroundings } from './spec/container-spec.ts';
import type { ContainerImage } from './image-source.ts';
import { generateName } from './names.ts';
import type { Parts } from './parts.ts';
import type { ContainerRecord } from './record.ts';

/** Makes containers: their identity, their spec and their record. The runtime hears of them at their first start. */
export class Creation {
  private readonly parts: Parts;
  /** Image ids of containers that are being made: no image may go away under them. */
  private readonly underWay = new Map<string, { readonly imageId: string; readonly name: string }>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async create(request: ContainerRequest): Promise<Container> {
    const { table, records, events, images } = this.parts;
    const id = randomBytes(32).toString('hex');
    const name = request.name ?? generateName((candidate) => table.isNameTaken(candidate));
    table.reserveName(name, id);
    try {
      const claim = (imageId: string): void => void this.underWay.set(id, { imageId, name });
      const image = await images.resolve(request.image, claim);
      const spec = containerSpec(id, request, this.around(image));
      const record = this.newRecord(id, name, image, spec);
      await records.put(id, record);
      const container = new Container(record);
      table.add(container);
      publishContainer(events, 'create', container);
      return container;
    } catch (thrown) {
      table.releaseName(name, id);
      throw thrown;
    } finally {
      this.underWay.delete(id);
    }
  }

  private around(image: ContainerImage): Surroundings {
    const { table, host, networks } = this.parts;
    return {
      image,
      networks,
      find: (nameOrId) => {
        const { id, name, record } = table.find(nameOrId);
        return { id, name, spec: record.spec };
      },
      idMappings: () => table.all().flatMap(({ record }) => record.spec.idMapping ?? []),
      machineName: host().hostname,
    };
  }

  usersOf(imageId: string): readonly { readonly id: string; readonly name: string }[] {
    return [...this.underWay]
      .filter(([, creation]) => creation.imageId === imageId)
      .map(([id, { name }]) => ({ id, name }));
  }

  private newRecord(
    id: string,
    name: string,
    image: ContainerImage,
    spec: ContainerRecord['spec'],
  ): ContainerRecord {
    return {
      id,
      name,
      image: { reference: image.reference, id: image.id },
      chainIds: image.chainIds,
      platform: image.platform,
      createdAt: this.parts.clock.now().toISOString(),
      spec,
      lastRun: null,
      restartCount: 0,
      stoppedByHand: false,
      failure: null,
      warnings: networkingWarnings(spec),
      removing: false,
    };
  }
}
