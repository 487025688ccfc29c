import type { BuildRequest } from '../../contract/index.ts';
import type { NamedPlace } from '../../images/index.ts';
import { parseReference } from '../../oci/index.ts';

type Described =
  | { readonly type: 'registry' | 'inline'; readonly reference: string }
  | { readonly type: 'local'; readonly path: string };

/** Where a cache is, with who the build is there. */
export function cachePlace(cache: Described, credentials: BuildRequest['credentials']): NamedPlace {
  if (cache.type === 'local') return { kind: 'folder', path: cache.path };
  const { reference } = cache;
  return { kind: 'registry', reference, credentials: credentials[parseReference(reference).domain] };
}

/** As a person knows it. */
export function nameOfPlace(place: NamedPlace): string {
  return place.kind === 'folder' ? place.path : place.reference;
}
