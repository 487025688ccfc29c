import type { ContainerDetails } from '../../types/index.ts';
import { type ContainerSurroundings, sizesJson } from './container.ts';
import { mountPoints } from './container-mounts.ts';
import { dockerStatus, statusWords } from './container-status.ts';
import { networkMode } from './host-config.ts';
import { unixSeconds } from './json.ts';
import { endpointsJson, portsJson } from './network-settings.ts';

/** By details, which are another object after each change; and by version. */
const lastingTexts = new WeakMap<ContainerDetails, Map<number, string>>();

type Surroundings = Omit<ContainerSurroundings, 'execIds'>;

/** A line of `GET /containers/json`. */
export function containerSummaryJson(details: ContainerDetails, around: Surroundings): object {
  return { ...lastingJson(details, around.version), ...momentaryJson(details, around) };
}

/** The same as JSON. Clients ask for a thousand every second: only what may be new with each question is written anew. */
export function containerSummaryText(details: ContainerDetails, around: Surroundings): string {
  const momentary = JSON.stringify(momentaryJson(details, around));
  return `${lastingText(details, around.version)},${momentary.slice(1)}`;
}

/** The object without its closing brace. */
function lastingText(details: ContainerDetails, version: number): string {
  const byVersion = lastingTexts.get(details) ?? new Map<number, string>();
  const known = byVersion.get(version);
  if (known !== undefined) return known;
  const text = JSON.stringify(lastingJson(details, version)).slice(0, -1);
  lastingTexts.set(details, byVersion.set(version, text));
  return text;
}

function lastingJson(details: ContainerDetails, version: number): object {
  const { id, name, image, command, createdAt, state, labels, spec } = details;
  return {
    Id: id,
    Names: [`/${name}`],
    Image: image.asked ?? image.reference,
    ImageID: image.id,
    Command: command.map(quoted).join(' '),
    Created: unixSeconds(createdAt),
    Ports: portsJson(details),
    Labels: labels,
    State: dockerStatus(state),
    HostConfig: {
      NetworkMode: networkMode(spec),
      ...(Object.keys(spec.annotations).length > 0 && { Annotations: spec.annotations }),
    },
    NetworkSettings: { Networks: endpointsJson(details, version) },
  };
}

function momentaryJson({ state, spec }: ContainerDetails, { mountpointOf, sizes }: Surroundings): object {
  return {
    Status: statusWords(state),
    ...sizesJson(sizes),
    Mounts: mountPoints(spec.mounts, mountpointOf),
  };
}

/** As a shell would want it, so that a person can read where an argument begins. */
function quoted(argument: string): string {
  return /^[^\s'"\\]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
