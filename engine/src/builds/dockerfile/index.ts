export { parseDockerfile } from './parsing/parse-dockerfile.ts';
export { parseInstructions, parseTrigger } from './parsing/parse-trigger.ts';
export type { Dockerfile, Stage } from './syntax/dockerfile.ts';
export type * from './syntax/instruction.ts';
export type * from './syntax/mount.ts';
export type * from './syntax/words.ts';
export type { Directives, EscapeCharacter } from './source/directives.ts';
export { type Heredoc, heredocContent } from './source/heredocs.ts';
export type { Position, Range, Word } from './source/position.ts';

export { DockerfileError, excerpt } from './problems/dockerfile-error.ts';
export type { Problem } from './problems/problem.ts';

export {
  expandInstruction,
  expandMounts,
  type InstructionExpansion,
} from './expansion/expand-instruction.ts';
export type { Lookup } from './expansion/expand-word.ts';
export { isGitUrl, remoteKind } from './expansion/remote-source.ts';
export { exposedPorts } from './expansion/exposed-ports.ts';

export { automaticArgs, type BuildVariables, PROXY_ARGS, proxyArgs } from './stages/build-variables.ts';
export { type GlobalScope, globalScope } from './stages/global-scope.ts';
export { planStages, type PlanOptions } from './stages/plan-stages.ts';
export type { PlannedStage, StagePlan, StageSource } from './stages/stage-plan.ts';
export { StageScope, type StageScopeOptions } from './stages/stage-scope.ts';

export { lintBaseImagePlatform } from './lint/base-image-platform.ts';
export { lintDockerfile, type LintResult, lintSettingsOf } from './lint/lint-dockerfile.ts';
export type { KnownImage, LintOptions } from './lint/lint-options.ts';
export type { LintSettings } from './lint/lint-settings.ts';
export type { LintWarning } from './lint/report.ts';
export { LINT_RULES, type LintRule } from './lint/rules.ts';

export {
  applyInstruction,
  argumentsOf,
  type ConfigState,
  DEFAULT_SHELL,
} from './config/apply-instruction.ts';
export type { HealthcheckDocument, RunConfigDocument } from './config/run-config.ts';
