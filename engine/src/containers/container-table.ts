import { EngineError } from '../errors/index.ts';
import type { Container } from './container.ts';

/** All containers of this engine, found by id, name, or the beginning of an id. Names are unique. */
export class ContainerTable {
  private readonly onAdded: (container: Container) => void;
  private readonly byId = new Map<string, Container>();
  /** Name to id; a name is in here before its container is, so that two creations cannot both have it. */
  private readonly names = new Map<string, string>();

  constructor(onAdded: (container: Container) => void) {
    this.onAdded = onAdded;
  }

  all(): readonly Container[] {
    return [...this.byId.values()];
  }

  get(id: string): Container | undefined {
    return this.byId.get(id);
  }

  /** Docker's order: a whole id, then a name, then an unambiguous beginning of an id. */
  find(idOrName: string): Container {
    const exact = this.byId.get(idOrName) ?? this.byId.get(this.names.get(idOrName.replace(/^\//, '')) ?? '');
    if (exact !== undefined) return exact;
    const matches = /^[0-9a-f]+$/.test(idOrName)
      ? this.all().filter(({ id }) => id.startsWith(idOrName))
      : [];
    if (matches.length > 1) {
      throw new EngineError(
        'invalid-argument',
        `Several containers have an id that begins with ${idOrName}.`,
        {
          detail: { path: idOrName },
          hint: 'Give more of the id, or the name.',
        },
      );
    }
    const [match] = matches;
    if (match !== undefined) return match;
    throw new EngineError('not-found', `No such container: ${idOrName}`, { detail: { path: idOrName } });
  }

  isNameTaken(name: string): boolean {
    return this.names.has(name);
  }

  /** Takes the name for the id, or fails with `already-exists`. */
  reserveName(name: string, id: string): void {
    const holder = this.names.get(name);
    if (holder !== undefined && holder !== id) {
      throw new EngineError(
        'already-exists',
        `The name "${name}" is already in use by container ${holder}.`,
        {
          detail: { path: name },
          hint: 'Remove or rename that container, or choose another name.',
        },
      );
    }
    this.names.set(name, id);
  }

  /** Frees a name, if this id has it. */
  releaseName(name: string, id: string): void {
    if (this.names.get(name) === id) this.names.delete(name);
  }

  /** Its name must be reserved or free. */
  add(container: Container): void {
    this.reserveName(container.name, container.id);
    this.byId.set(container.id, container);
    this.onAdded(container);
  }

  remove(container: Container): void {
    this.byId.delete(container.id);
    this.releaseName(container.name, container.id);
  }
}
