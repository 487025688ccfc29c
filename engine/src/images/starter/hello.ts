import { isStaticProgram } from './elf.ts';
import type { LayerEntry } from './layer-file.ts';
import { BASE_ENTRIES, type StarterRecipe } from './recipe.ts';

/** Names by which the agent's binary is a small tool instead: all that native/crates/hello has. */
const TOOLS: readonly string[] = 'cat echo env false hostname id ip ls ps pwd sh sleep true uptime'.split(
  ' ',
);

/** An image that needs nothing but Longshore: its one program is the agent's own binary. */
export function helloRecipe(agentBinary: string): StarterRecipe {
  return {
    name: 'hello',
    reference: 'hello:latest',
    description: 'Says hello and shows that containers work here.',
    entrypoint: ['/hello'],
    command: [],
    missingHint: "Longshore's agent is missing or damaged: install Longshore again.",
    findProgram: async () => ((await isStaticProgram(agentBinary)) ? agentBinary : null),
    entries: async (program) => [
      ...BASE_ENTRIES,
      { kind: 'file', name: 'hello', mode: 0o755, source: program },
      ...TOOLS.map((tool): LayerEntry => ({ kind: 'symlink', name: `bin/${tool}`, target: '/hello' })),
    ],
  };
}
