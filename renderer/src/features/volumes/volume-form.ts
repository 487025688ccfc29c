import { volumeName } from '@longshore/engine/contract';
import type { Volume } from '@longshore/engine/types';
import type { MessageId, MessageValues } from '../../messages/use-text.ts';

export const VOLUME_KINDS = ['own', 'bind', 'tmpfs', 'nfs'] as const;
export type VolumeKind = (typeof VOLUME_KINDS)[number];

export interface VolumeForm {
  readonly name: string;
  readonly kind: VolumeKind;
  /** Of `bind`: a folder of the machine. Of `nfs`: the exported folder. */
  readonly folder: string;
  /** Of `nfs`. */
  readonly server: string;
  /** Of `tmpfs`: MiB. */
  readonly size: string;
  /** More options of mount(8), with commas. */
  readonly options: string;
  readonly labels: readonly { readonly name: string; readonly value: string }[];
}

export const EMPTY_VOLUME_FORM: VolumeForm = {
  name: '',
  kind: 'own',
  folder: '',
  server: '',
  size: '',
  options: '',
  labels: [],
};

export type VolumeField = 'name' | 'folder' | 'server' | 'size' | 'options' | 'labels';

export interface VolumeProblem {
  readonly id: MessageId;
  readonly values?: MessageValues;
}

export type VolumeProblems = Partial<Readonly<Record<VolumeField, VolumeProblem>>>;

/** Whether a volume may have this name; an empty one is not asked about. */
export function nameProblem(name: string, volumes: readonly Volume[]): VolumeProblem | undefined {
  if (name === '') return undefined;
  if (!volumeName.safeParse(name).success) return { id: 'volumes.badName' };
  const taken = volumes.find((volume) => volume.name.toLowerCase() === name.toLowerCase());
  return taken === undefined ? undefined : { id: 'volumes.takenName', values: { name: taken.name } };
}

export function volumeProblems(form: VolumeForm, volumes: readonly Volume[]): VolumeProblems {
  const name = nameProblem(form.name.trim(), volumes);
  const hasFolder = form.kind === 'bind' || form.kind === 'nfs';
  const folder = form.folder.trim();
  return {
    ...(name !== undefined && { name }),
    ...(hasFolder && folder !== '' && !folder.startsWith('/') && { folder: { id: 'run.badPath' } as const }),
    ...(form.kind === 'nfs' &&
      /[\s,]/.test(form.server.trim()) && { server: { id: 'volumes.badServer' } as const }),
    ...(form.kind === 'tmpfs' &&
      !/^(\d+)?$/.test(form.size.trim()) && { size: { id: 'run.badSize' } as const }),
    ...(form.kind !== 'own' &&
      /\s/.test(form.options.trim()) && { options: { id: 'volumes.badOptions' } as const }),
    ...(labelsOf(form).some((label) => label.name === '') && { labels: { id: 'run.badLabels' } as const }),
  };
}

/** Whether everything is there that this kind needs. */
export function isComplete({ kind, folder, server }: VolumeForm): boolean {
  if (kind === 'bind') return folder.trim() !== '';
  return kind !== 'nfs' || (folder.trim() !== '' && server.trim() !== '');
}

function labelsOf(form: VolumeForm): VolumeForm['labels'] {
  return form.labels.filter(({ name, value }) => name !== '' || value !== '');
}

export interface VolumeRequest {
  readonly name?: string;
  readonly options?: Record<string, string>;
  readonly labels?: Record<string, string>;
}

export function volumeRequestOf(form: VolumeForm): VolumeRequest {
  const options = driverOptions(form);
  const labels = Object.fromEntries(labelsOf(form).map(({ name, value }) => [name, value]));
  return {
    ...(form.name.trim() !== '' && { name: form.name.trim() }),
    ...(Object.keys(options).length > 0 && { options }),
    ...(Object.keys(labels).length > 0 && { labels }),
  };
}

/** As mount(8) has them, and Docker's driver `local` takes them. */
function driverOptions({ kind, folder, server, size, options }: VolumeForm): Record<string, string> {
  const more = options.trim() === '' ? [] : [options.trim()];
  switch (kind) {
    case 'own':
      return {};
    case 'bind':
      return { type: 'none', device: folder.trim(), o: ['bind', ...more].join(',') };
    case 'tmpfs': {
      const said = [...(size.trim() === '' ? [] : [`size=${size.trim()}m`]), ...more];
      return { type: 'tmpfs', device: 'tmpfs', ...(said.length > 0 && { o: said.join(',') }) };
    }
    case 'nfs':
      return { type: 'nfs', device: `:${folder.trim()}`, o: [`addr=${server.trim()}`, ...more].join(',') };
  }
}

/** The argument vector of `longshore volume create` that asks for the same as the request. */
export function createVolumeArguments({ name, options = {}, labels = {} }: VolumeRequest): readonly string[] {
  const pairs = (record: Readonly<Record<string, string>>) =>
    Object.entries(record).map(([key, value]) => `${key}=${value}`);
  return [
    'volume',
    'create',
    ...pairs(options).flatMap((option) => ['--opt', option]),
    ...pairs(labels).flatMap((label) => ['--label', label]),
    ...(name === undefined ? [] : [name]),
  ];
}
