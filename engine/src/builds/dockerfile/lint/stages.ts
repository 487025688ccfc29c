import { parsePort } from '../expansion/exposed-ports.ts';
import { placedIn } from '../problems/instruction-failure.ts';
import { closest } from '../problems/suggestion.ts';
import type { Range } from '../source/position.ts';
import type { PlannedStage, StagePlan } from '../stages/stage-plan.ts';
import { StageScope } from '../stages/stage-scope.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import type { ExposeInstruction, StageInstruction, WorkdirInstruction } from '../syntax/instruction.ts';
import { lintIgnored } from './ignored.ts';
import type { KnownImage, LintOptions } from './lint-options.ts';
import type { Report } from './report.ts';

/** A stage as it is gone through; a stage on top of it goes on from its end. */
interface StageState {
  readonly scope: StageScope;
  /** Everything that may set a variable is known. */
  readonly variablesKnown: boolean;
  hasShell: boolean;
  hasWorkdir: boolean;
}

type Single = 'cmd' | 'entrypoint' | 'healthcheck';

/** The environment that a stage from scratch begins with, as Docker has it. */
const SCRATCH: KnownImage = {
  environment: new Map([['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']]),
  hasShell: false,
};

/** Goes through the stages as a build would, with the variables that it would have. */
export function lintStages(file: Dockerfile, plan: StagePlan, options: LintOptions, report: Report): void {
  const states = new Map<number, StageState>();
  for (const planned of options.target === null ? plan.stages : plan.needed) {
    const state = beginStage(file, plan, planned, { options, states });
    states.set(planned.stage.index, state);
    const singles = new Map<Single, Range>();
    for (const instruction of planned.instructions) {
      const expanded = advance(instruction, state, report);
      lintCommand(expanded, state, singles, report);
      if (expanded.kind === 'expose') lintPorts(expanded, report);
      if (options.ignore !== undefined) lintIgnored(expanded, options.ignore, report);
    }
  }
}

function beginStage(
  file: Dockerfile,
  plan: StagePlan,
  { base }: PlannedStage,
  { options, states }: { options: LintOptions; states: ReadonlyMap<number, StageState> },
): StageState {
  const below = base.kind === 'stage' ? states.get(base.index) : undefined;
  if (below !== undefined) return { ...below, scope: below.scope.child() };
  const image =
    base.kind === 'scratch' ? SCRATCH : base.kind === 'image' ? options.imageOf?.(base.reference) : null;
  const scope = new StageScope({
    escape: file.directives.escape,
    globals: plan.globals,
    buildArgs: options.buildArgs,
    environment: image?.environment ?? new Map<string, string>(),
  });
  const variablesKnown = image !== null && image !== undefined;
  return { scope, variablesKnown, hasShell: image?.hasShell ?? false, hasWorkdir: false };
}

function advance(instruction: StageInstruction, state: StageState, report: Report): StageInstruction {
  const reported = new Set<string>();
  return state.scope.advance(instruction, (name, range) => {
    if (!state.variablesKnown || state.scope.isDeclared(name) || reported.has(name)) return;
    reported.add(name);
    const near = closest(name, state.scope.names);
    const suggestion = near === null ? '' : ` (did you mean $${near}?)`;
    report.add(
      'UndefinedVar',
      range,
      `Usage of undefined variable '$${name}'${suggestion}`,
      instruction.comments,
    );
  });
}

function lintCommand(
  instruction: StageInstruction,
  state: StageState,
  singles: Map<Single, Range>,
  report: Report,
): void {
  const { keyword, comments, range } = instruction;
  if (instruction.kind === 'shell') state.hasShell = true;
  if (instruction.kind === 'workdir') lintWorkdir(instruction, state, report);
  if (instruction.kind === 'cmd' || instruction.kind === 'entrypoint') {
    if (instruction.command.form === 'shell' && !state.hasShell) {
      const message = `JSON arguments recommended for ${keyword.text} to prevent unintended behavior related to OS signals`;
      report.add('JSONArgsRecommended', range, message, comments);
    }
    lintSingle(instruction.kind, instruction, singles, report);
  }
  if (instruction.kind === 'healthcheck') lintSingle(instruction.kind, instruction, singles, report);
}

/** The first of a stage only: when it is absolute, those after it are too. */
function lintWorkdir({ path, comments }: WorkdirInstruction, state: StageState, report: Report): void {
  if (!state.hasWorkdir && !path.text.startsWith('/')) {
    const message = `Relative workdir "${path.text}" can have unexpected results if the base image changes`;
    report.add('WorkdirRelativePath', path.range, message, comments);
  }
  state.hasWorkdir = true;
}

/** The warning is at the one before, which is not used. */
function lintSingle(
  kind: Single,
  { keyword, comments, range }: StageInstruction,
  singles: Map<Single, Range>,
  report: Report,
): void {
  const before = singles.get(kind);
  singles.set(kind, range);
  if (before === undefined) return;
  const message = `Multiple ${keyword.text} instructions should not be used in the same stage because only the last one will be used`;
  report.add('MultipleInstructionsDisallowed', before, message, comments);
}

function lintPorts(expose: ExposeInstruction, report: Report): void {
  for (const { text, range } of expose.ports) {
    const { protocol, hasHostPart } = placedIn(range, expose, () => parsePort(text));
    if (protocol !== null && protocol !== protocol.toLowerCase()) {
      const message = `Defined protocol '${text}' in EXPOSE instruction should be lowercase`;
      report.add('ExposeProtoCasing', range, message, expose.comments);
    }
    if (hasHostPart) {
      const message = `EXPOSE instruction should not define an IP address or host-port mapping, found '${text}'`;
      report.add('ExposeInvalidFormat', range, message, expose.comments);
    }
  }
}
