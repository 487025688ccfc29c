import type { BuildRequestInput } from '@longshore/engine/contract';
import type { BuildDetails } from '@longshore/engine/types';
import { checkReference } from '../../lib/check-reference.ts';
import { platformOf } from '../../lib/platform-name.ts';
import type { Label } from '../../ui/label-rows.tsx';
import type { Given } from '../files/write-files.ts';

/** Files that the page itself has: they travel to the engine with the build. */
export interface GivenFolder {
  readonly name: string;
  readonly files: readonly Given[];
}

export interface BuildForm {
  /** A folder of the engine's machine. */
  readonly folder: string;
  /** In place of `folder`. */
  readonly given: GivenFolder | undefined;
  readonly dockerfile: string;
  /** Separated by blanks or commas. */
  readonly tags: string;
  readonly target: string;
  readonly platform: string;
  readonly args: readonly Label[];
  readonly noCache: boolean;
  readonly pull: boolean;
}

export const EMPTY_BUILD_FORM: BuildForm = {
  folder: '',
  given: undefined,
  dockerfile: '',
  tags: '',
  target: '',
  platform: '',
  args: [],
  noCache: false,
  pull: false,
};

/** As an earlier build was asked for. Values of arguments that may be secret were not kept: they are asked for anew. */
export function formAgain(build: BuildDetails): BuildForm {
  return {
    ...EMPTY_BUILD_FORM,
    folder: build.context,
    dockerfile: build.dockerfile === 'Dockerfile' ? '' : build.dockerfile,
    tags: build.references.join(' '),
    target: build.target ?? '',
    args: Object.entries(build.buildArgs).map(([name, value]) => ({ name, value })),
  };
}

export type BuildField = 'folder' | 'tags' | 'platform' | 'args';

/** The first thing wrong with a field; an empty one that is needed is not wrong yet. */
export function buildProblems(form: BuildForm): Partial<Record<BuildField, BuildProblem>> {
  const folder = form.folder.trim();
  const wrongTag = tagsOf(form).find((tag) => !checkReference(tag).ok);
  return {
    ...(form.given === undefined && folder !== '' && !isAbsolute(folder) && { folder: 'builds.badFolder' }),
    ...(wrongTag !== undefined && { tags: 'builds.badTag' }),
    ...(form.platform.trim() !== '' &&
      platformOf(form.platform.trim()) === undefined && { platform: 'builds.badPlatform' }),
    ...(form.args.some(({ name, value }) => name.trim() === '' && value !== '') && { args: 'builds.badArg' }),
  };
}

export type BuildProblem = 'builds.badFolder' | 'builds.badTag' | 'builds.badPlatform' | 'builds.badArg';

export function hasContext(form: BuildForm): boolean {
  return form.given !== undefined || form.folder.trim() !== '';
}

/** What is asked of the engine: only what was said. */
export function buildRequestOf(form: BuildForm): BuildRequestInput {
  const platform = platformOf(form.platform.trim());
  return {
    context: form.given === undefined ? { kind: 'folder', path: form.folder.trim() } : { kind: 'upload' },
    ...(form.dockerfile.trim() !== '' && { dockerfile: form.dockerfile.trim() }),
    tags: tagsOf(form),
    ...(form.target.trim() !== '' && { target: form.target.trim() }),
    ...(platform !== undefined && { platform }),
    buildArgs: Object.fromEntries(argsOf(form).map(({ name, value }) => [name, value])),
    ...(form.noCache && { noCache: true }),
    ...(form.pull && { pull: true }),
    background: true,
  };
}

/** The argument vector of `longshore build` that asks for the same. */
export function buildArguments(form: BuildForm): readonly string[] {
  const option = (name: string, value: string) => (value.trim() === '' ? [] : [name, value.trim()]);
  return [
    'build',
    ...option('-f', form.dockerfile),
    ...tagsOf(form).flatMap((tag) => ['-t', tag]),
    ...option('--target', form.target),
    ...option('--platform', form.platform),
    ...argsOf(form).flatMap(({ name, value }) => ['--build-arg', `${name}=${value}`]),
    ...(form.noCache ? ['--no-cache'] : []),
    ...(form.pull ? ['--pull'] : []),
    form.given?.name ?? (form.folder.trim() === '' ? '.' : form.folder.trim()),
  ];
}

function argsOf(form: BuildForm): readonly Label[] {
  return form.args.map(({ name, value }) => ({ name: name.trim(), value })).filter(({ name }) => name !== '');
}

function tagsOf(form: BuildForm): string[] {
  return form.tags.split(/[\s,]+/).filter(Boolean);
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[a-z]:[\\/]/i.test(path);
}
