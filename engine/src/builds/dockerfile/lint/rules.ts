/** The reference's build checks (docs.docker.com/reference/build-checks). */
export const LINT_RULES = {
  StageNameCasing: 'Stage names should be lowercase',
  FromAsCasing: "The 'as' keyword should match the case of the 'from' keyword",
  NoEmptyContinuation: 'Empty continuation lines will become errors in a future release',
  ConsistentInstructionCasing: 'All commands within the Dockerfile should use the same casing',
  DuplicateStageName: 'Stage names should be unique',
  ReservedStageName: 'Reserved words should not be used as stage names',
  JSONArgsRecommended: 'JSON arguments let signals of the operating system reach the command',
  MaintainerDeprecated: 'MAINTAINER is deprecated, a label names an image’s author',
  UndefinedArgInFrom: 'FROM must use declared ARGs',
  WorkdirRelativePath: 'A relative WORKDIR without an absolute one before it changes with the base image',
  UndefinedVar: 'Variables should be defined before their use',
  MultipleInstructionsDisallowed: 'Only the last of several in a stage is used',
  LegacyKeyValueFormat: 'The old key/value format with a blank should not be used',
  InvalidBaseImagePlatform: 'The base image’s platform is not the one expected',
  RedundantTargetPlatform: '$TARGETPLATFORM in FROM says what is so by default',
  SecretsUsedInArgOrEnv: 'Secrets should not be in ARG or ENV',
  InvalidDefaultArgInFrom: 'With the defaults of its global ARGs a base image has no valid name',
  FromPlatformFlagConstDisallowed: 'FROM --platform should not be a constant',
  CopyIgnoredFile: 'COPY of a file that .dockerignore leaves out',
  InvalidDefinitionDescription: 'A comment right above a stage or argument should describe it by its name',
  ExposeProtoCasing: 'The protocol in EXPOSE should be lowercase',
  ExposeInvalidFormat: 'EXPOSE should have no address and no port of the host',
} as const;

export type LintRule = keyof typeof LINT_RULES;

/** Off unless the check directive turns them on. */
export const EXPERIMENTAL_RULES: ReadonlySet<LintRule> = new Set<LintRule>(['InvalidDefinitionDescription']);

/** The page that explains a rule. */
export function ruleUrl(rule: LintRule): string {
  const words = rule.replace('JSONArgs', 'JsonArgs').replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-');
  return `https://docs.docker.com/go/dockerfile/rule/${words.toLowerCase()}/`;
}
