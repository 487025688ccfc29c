import { expandedWord, expandInstruction } from '../expansion/expand-instruction.ts';
import type { InstructionExpansion } from '../expansion/expand-instruction.ts';
import type { EscapeCharacter } from '../source/directives.ts';
import type { ArgInstruction, StageInstruction } from '../syntax/instruction.ts';
import type { GlobalScope } from './global-scope.ts';

export interface StageScopeOptions {
  readonly escape: EscapeCharacter;
  readonly globals: GlobalScope;
  readonly buildArgs: ReadonlyMap<string, string>;
  /** The base image's variables. */
  readonly environment: ReadonlyMap<string, string>;
}

/** Build arguments that BuildKit's scanners read; they are no variables of a stage. */
const NO_VARIABLES = ['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE'];

/** The variables of a stage while its instructions are gone through from the top. */
export class StageScope {
  private readonly options: StageScopeOptions;
  private readonly env: Map<string, string>;
  private readonly args: Map<string, string | undefined>;

  constructor(options: StageScopeOptions, args: ReadonlyMap<string, string | undefined> = new Map()) {
    this.options = options;
    this.env = new Map(options.environment);
    this.args = new Map(args);
  }

  /** The scope that a stage built on this one begins with: it has the variables, and the arguments declared so far. */
  child(): StageScope {
    return new StageScope({ ...this.options, environment: this.env }, this.args);
  }

  /** ENV comes before ARG, whichever stands first, also the base image's. */
  readonly lookup = (name: string): string | undefined => this.env.get(name) ?? this.args.get(name);

  /** ENV as it is now. */
  get environment(): ReadonlyMap<string, string> {
    return this.env;
  }

  /** Declared arguments that have a value: what RUN sees beside the environment. */
  get arguments(): ReadonlyMap<string, string> {
    const set = [...this.args].flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    return new Map(set);
  }

  /** Whether an ARG has named it, with a value or without. */
  isDeclared(name: string): boolean {
    return this.args.has(name);
  }

  get names(): readonly string[] {
    return [...this.env.keys(), ...this.args.keys()];
  }

  /** The instruction expanded with the values from before it; ARG and ENV then change them. */
  advance<T extends StageInstruction>(instruction: T, onUnset?: InstructionExpansion['onUnset']): T {
    const expansion = {
      escape: this.options.escape,
      lookup: this.lookup,
      ...(onUnset !== undefined && { onUnset }),
    };
    if (instruction.kind === 'arg') this.declare(instruction, expansion);
    const expanded: T = expandInstruction(instruction, expansion);
    if (expanded.kind === 'env') {
      for (const { key, value } of expanded.pairs) this.env.set(key.text, value.text);
    }
    return expanded;
  }

  /** A build argument comes before the default, the default before the global scope's value. */
  private declare(instruction: ArgInstruction, expansion: InstructionExpansion): void {
    for (const { name, value } of instruction.args) {
      const given = this.options.buildArgs.get(name.text);
      const byDefault = (): string | undefined =>
        value === null
          ? this.options.globals.lookup(name.text)
          : expandedWord(value, instruction, expansion).text;
      const chosen = given ?? byDefault();
      this.args.set(name.text, NO_VARIABLES.includes(name.text) ? undefined : chosen);
    }
  }
}
