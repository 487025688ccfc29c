import { expandedWord } from '../expansion/expand-instruction.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import { automaticArgs, type BuildVariables } from './build-variables.ts';

/** Names and values before the first FROM: for the FROM lines, and for stages that declare them again. */
export interface GlobalScope {
  /** Undefined: not declared, or declared without a value. */
  readonly lookup: (name: string) => string | undefined;
  /** With the names that were declared without a value. */
  readonly names: ReadonlySet<string>;
}

/** Each ARG sees those above it; a build argument takes the place of a default. */
export function globalScope(file: Dockerfile, variables: BuildVariables): GlobalScope {
  const target = variables.target ?? file.stages.at(-1)?.name ?? null;
  const values = new Map(automaticArgs(variables, target));
  const names = new Set(values.keys());
  const lookup = (name: string): string | undefined => values.get(name);
  for (const instruction of file.globalArgs) {
    for (const { name, value } of instruction.args) {
      names.add(name.text);
      const given = variables.buildArgs.get(name.text);
      const options = { escape: file.directives.escape, lookup };
      const chosen = given ?? (value === null ? undefined : expandedWord(value, instruction, options).text);
      if (chosen !== undefined) values.set(name.text, chosen);
    }
  }
  return { lookup, names };
}
