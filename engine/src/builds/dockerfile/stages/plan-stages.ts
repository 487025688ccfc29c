import { EngineError } from '../../../errors/index.ts';
import { parseReference } from '../../../oci/index.ts';
import { expandedWord } from '../expansion/expand-instruction.ts';
import { failureAt, placedIn } from '../problems/instruction-failure.ts';
import { didYouMean } from '../problems/suggestion.ts';
import type { Range } from '../source/position.ts';
import type { Dockerfile, Stage } from '../syntax/dockerfile.ts';
import type { FromInstruction, StageInstruction, TriggerInstruction } from '../syntax/instruction.ts';
import type { Platform } from '../../../types/index.ts';
import type { BuildVariables } from './build-variables.ts';
import { contextNamed } from './context-name.ts';
import { type GlobalScope, globalScope } from './global-scope.ts';
import { parsePlatform } from './platform-text.ts';
import type { PlannedStage, StagePlan, StageSource } from './stage-plan.ts';

export interface PlanOptions extends BuildVariables {
  /** The names of `--build-context`; they stand before stages' and images' names. */
  readonly contexts?: ReadonlySet<string>;
  /** ONBUILD triggers of base images, by the stage's index, once the images are known. */
  readonly triggers?: ReadonlyMap<number, readonly TriggerInstruction[]>;
}

interface Planning {
  readonly file: Dockerfile;
  readonly options: PlanOptions;
  readonly globals: GlobalScope;
  /** Those above the one that is being planned. */
  readonly stages: PlannedStage[];
}

/** A name with its place. */
interface NamedSource {
  readonly name: string;
  readonly range: Range;
  readonly instruction: StageInstruction | FromInstruction;
}

/** Finds out what every name stands for, and which stages the target needs. Fails with a DockerfileError. */
export function planStages(file: Dockerfile, options: PlanOptions): StagePlan {
  const planning: Planning = { file, options, globals: globalScope(file, options), stages: [] };
  for (const stage of file.stages) planning.stages.push(planStage(planning, stage));
  const { stages, globals } = planning;
  const target = findTarget(stages, options.target);
  const reachable = neededBy(target, stages);
  return { globals, stages, target, needed: stages.filter(({ stage }) => reachable.has(stage.index)) };
}

function planStage(planning: Planning, stage: Stage): PlannedStage {
  const base = baseOf(planning, stage);
  const instructions = [...triggersOf(planning, stage, base), ...stage.instructions];
  const sources = new Map<string, StageSource>();
  for (const named of instructions.flatMap(namedSources)) {
    if (!sources.has(named.name)) sources.set(named.name, sourceOf(planning, stage, named));
  }
  const needs = new Set<number>();
  for (const source of [base, ...sources.values()]) if (source.kind === 'stage') needs.add(source.index);
  return { stage, base, platform: platformOf(planning, stage, base), instructions, sources, needs };
}

function baseOf(planning: Planning, { name, from }: Stage): StageSource {
  const { contexts = new Set<string>() } = planning.options;
  if (name !== null && contexts.has(name)) return { kind: 'context', name };
  const { text } = expandedWord(from.image, from, expansionOf(planning));
  if (text === '') {
    const expected = 'Each ARG in FROM has a default, or a value from --build-arg.';
    throw failureAt(from.image.range, from, `The image "${from.image.text}" has an empty name.`, expected);
  }
  const stage = stageNamed(planning.stages, text);
  if (stage !== undefined) return { kind: 'stage', index: stage.stage.index };
  if (text === 'scratch') return { kind: 'scratch' };
  return contextOrImage(planning, { name: text, range: from.image.range, instruction: from });
}

/** A stage on another one is of that one's platform, whatever its own FROM says. */
function platformOf(planning: Planning, { from }: Stage, base: StageSource): Platform | null {
  if (base.kind === 'stage') return planning.stages[base.index]?.platform ?? null;
  const { platform } = from;
  if (platform === null) return null;
  const { text } = expandedWord(platform, from, expansionOf(planning));
  return placedIn(platform.range, from, () => parsePlatform(text, planning.options.buildPlatform));
}

/** Of a stage in this file, or of the image as told. They do not go on to the next stage. */
function triggersOf(
  { stages, options }: Planning,
  stage: Stage,
  base: StageSource,
): readonly StageInstruction[] {
  if (base.kind !== 'stage') return options.triggers?.get(stage.index) ?? [];
  const instructions = stages[base.index]?.stage.instructions ?? [];
  return instructions.flatMap((instruction) => (instruction.kind === 'onbuild' ? [instruction.trigger] : []));
}

function namedSources(instruction: StageInstruction): readonly NamedSource[] {
  if (instruction.kind === 'copy' && instruction.from !== null) {
    return [{ name: instruction.from.text, range: instruction.from.range, instruction }];
  }
  if (instruction.kind !== 'run') return [];
  return instruction.mounts.flatMap(({ from, range }) =>
    from === null ? [] : [{ name: from, range, instruction }],
  );
}

function sourceOf(planning: Planning, current: Stage, named: NamedSource): StageSource {
  const { name, range, instruction } = named;
  // A mount's numbers are names of images, as the reference has it; no image has such a name, so they are stages here.
  if (/^\d{1,6}$/.test(name)) {
    const index = Number(name);
    if (index < current.index) return { kind: 'stage', index };
    throw failureAt(range, instruction, `There is no stage ${name} above this one.`, 'Stages count from 0.');
  }
  const stage = stageNamed(planning.stages, name);
  if (stage !== undefined) return { kind: 'stage', index: stage.stage.index };
  if (name.toLowerCase() === 'scratch') return { kind: 'scratch' };
  const isLater = planning.file.stages.some((other) => other.name === name.toLowerCase());
  if (isLater && contextNamed(planning.options.contexts, name) === null) {
    const expected = 'A stage must stand above the one that uses it.';
    throw failureAt(range, instruction, `The stage ${name} is not above this instruction's.`, expected);
  }
  return contextOrImage(planning, named);
}

function contextOrImage(planning: Planning, { name, range, instruction }: NamedSource): StageSource {
  const context = contextNamed(planning.options.contexts, name);
  if (context !== null) return { kind: 'context', name: context };
  try {
    parseReference(name);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const names = planning.stages.flatMap(({ stage }) => stage.name ?? []);
    throw failureAt(range, instruction, error.message + didYouMean(name, names), error.hint);
  }
  return { kind: 'image', reference: name };
}

/** The last of its name above; names are the same in upper and lower case. */
function stageNamed(stages: readonly PlannedStage[], name: string): PlannedStage | undefined {
  return stages.findLast(({ stage }) => stage.name === name.toLowerCase());
}

function findTarget(stages: readonly PlannedStage[], target: string | null): PlannedStage {
  const last = stages.at(-1);
  if (last === undefined) throw new Error('a parsed Dockerfile has a stage');
  if (target === null || target === '') return last;
  const found = stageNamed(stages, target) ?? (/^\d{1,6}$/.test(target) ? stages[Number(target)] : undefined);
  if (found !== undefined) return found;
  const names = stages.flatMap(({ stage }) => stage.name ?? []);
  const expected = names.length === 0 ? 'No stage has a name.' : `The stages are ${names.join(', ')}.`;
  throw new EngineError('invalid-argument', `There is no stage "${target}".${didYouMean(target, names)}`, {
    detail: { step: 'dockerfile', path: target },
    hint: expected,
  });
}

function neededBy(target: PlannedStage, stages: readonly PlannedStage[]): ReadonlySet<number> {
  const reachable = new Set<number>();
  const open = [target.stage.index];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (reachable.has(index)) continue;
    reachable.add(index);
    open.push(...(stages[index]?.needs ?? []));
  }
  return reachable;
}

function expansionOf({ file, globals }: Planning) {
  return { escape: file.directives.escape, lookup: globals.lookup };
}
