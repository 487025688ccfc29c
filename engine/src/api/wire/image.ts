import type { ImageDetails, ImageHistoryLine, ImageRunConfig, ImageSummary } from '../../types/index.ts';
import { emptySets, unixSeconds, ZERO_TIME } from './json.ts';

const VIRTUAL_SIZE_UNTIL = 44;
const CONTAINER_CONFIG_UNTIL = 45;
const NS_PER_MS = 1_000_000;

/** A line of `GET /images/json`. */
export function imageSummaryJson(image: ImageSummary, version: number, sharedSize: boolean): object {
  return {
    Containers: image.usedBy.length,
    Created: unixSeconds(image.createdAt),
    Id: image.id,
    Labels: Object.keys(image.labels).length === 0 ? null : image.labels,
    ParentId: '',
    RepoDigests: image.repoDigests,
    RepoTags: image.references,
    SharedSize: sharedSize ? image.sizeBytes - image.uniqueBytes : -1,
    Size: image.sizeBytes,
    ...(version < VIRTUAL_SIZE_UNTIL && { VirtualSize: image.sizeBytes }),
  };
}

/** `GET /images/{name}/json`. */
export function imageJson(image: ImageDetails, version: number): object {
  const { platform, layers, history } = image;
  return {
    Id: image.id,
    RepoTags: image.references,
    RepoDigests: image.repoDigests,
    Parent: '',
    Comment: history.at(-1)?.comment ?? '',
    Created: image.createdAt ?? ZERO_TIME,
    ...(version < CONTAINER_CONFIG_UNTIL && {
      Container: '',
      ContainerConfig: configJson(image.config, image.id),
    }),
    DockerVersion: '',
    Author: image.author ?? '',
    Config: configJson(image.config, image.id),
    Architecture: platform.architecture,
    ...(platform.variant !== undefined && { Variant: platform.variant }),
    Os: platform.os,
    Size: image.sizeBytes,
    ...(version < VIRTUAL_SIZE_UNTIL && { VirtualSize: image.sizeBytes }),
    GraphDriver: { Data: null, Name: 'overlay2' },
    RootFS: { Type: 'layers', Layers: layers.map(({ diffId }) => diffId) },
    Metadata: { LastTagTime: ZERO_TIME },
  };
}

function configJson(config: ImageRunConfig, id: string): object {
  const { healthcheck } = config;
  return {
    Hostname: '',
    Domainname: '',
    User: config.user,
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    ...(config.exposedPorts.length > 0 && { ExposedPorts: emptySets(config.exposedPorts) }),
    Tty: false,
    OpenStdin: false,
    StdinOnce: false,
    Env: config.env,
    Cmd: config.command.length === 0 ? null : config.command,
    ...(healthcheck !== null && {
      Healthcheck: {
        Test: healthcheck.test,
        ...nanoseconds('Interval', healthcheck.intervalMs),
        ...nanoseconds('Timeout', healthcheck.timeoutMs),
        ...nanoseconds('StartPeriod', healthcheck.startPeriodMs),
        ...nanoseconds('StartInterval', healthcheck.startIntervalMs),
        ...(healthcheck.retries !== null && { Retries: healthcheck.retries }),
      },
    }),
    Image: id,
    Volumes: config.volumes.length === 0 ? null : emptySets(config.volumes),
    WorkingDir: config.workingDir,
    Entrypoint: config.entrypoint.length === 0 ? null : config.entrypoint,
    OnBuild: null,
    Labels: Object.keys(config.labels).length === 0 ? null : config.labels,
    ...(config.stopSignal !== null && { StopSignal: config.stopSignal }),
  };
}

function nanoseconds(field: string, milliseconds: number | null): object {
  return milliseconds === null ? {} : { [field]: milliseconds * NS_PER_MS };
}

/** `GET /images/{name}/history`. */
export function historyJson(lines: readonly ImageHistoryLine[]): readonly object[] {
  return lines.map((line) => ({
    Comment: line.comment,
    Created: unixSeconds(line.createdAt),
    CreatedBy: line.createdBy,
    Id: line.imageId ?? '<missing>',
    Size: line.sizeBytes,
    Tags: line.references.length === 0 ? null : line.references,
  }));
}

/** What a removal took, line by line. */
export function removedJson({
  untagged,
  deleted,
}: {
  readonly untagged: readonly string[];
  readonly deleted: readonly string[];
}): readonly object[] {
  return [...untagged.map((name) => ({ Untagged: name })), ...deleted.map((id) => ({ Deleted: id }))];
}
