import { EngineError } from '../../errors/index.ts';
import type { FakeProgram, FakeProgramContext } from './fake-process.ts';

const SIGTERM = 15;

/** As much of busybox as the contract suite says. */
export const BUSYBOX: Readonly<Record<string, FakeProgram>> = {
  true: async () => 0,
  false: async () => 1,
  echo: async ({ args, stdout }) => {
    stdout(`${args.slice(1).join(' ')}\n`);
    return 0;
  },
  cat: async ({ stdin, stdout }) => {
    for await (const chunk of stdin) stdout(chunk);
    return 0;
  },
  sleep: ({ forever }) => forever(),
  env: async ({ env, stdout }) => {
    stdout(env.map((entry) => `${entry}\n`).join(''));
    return 0;
  },
  sh: (context) => script(context.args[2] ?? '', context),
};

/** Statements of a shell, joined by `;`: `echo`, `exit`, `trap 'exit N' TERM`, `read` and a wait that never ends. */
async function script(text: string, context: FakeProgramContext): Promise<number> {
  for (const statement of text.split(';').map((part) => part.trim())) {
    const code = await run(statement, context);
    if (code !== null) return code;
  }
  return 0;
}

async function run(statement: string, context: FakeProgramContext): Promise<number | null> {
  const exit = /^exit (\d+)$/.exec(statement);
  if (exit !== null) return Number(exit[1]);
  const trap = /^trap 'exit (\d+)' TERM$/.exec(statement);
  if (trap !== null) {
    context.trap(SIGTERM, Number(trap[1]));
    return null;
  }
  const echo = /^echo (.*?)( >&2)?$/.exec(statement);
  if (echo !== null) {
    const say = echo[2] === undefined ? context.stdout : context.stderr;
    say(`${echo[1] ?? ''}\n`);
    return null;
  }
  if (statement === 'sleep 1000 & wait') return context.forever();
  if (statement === 'read line') {
    await context.stdin[Symbol.asyncIterator]().next();
    return null;
  }
  throw new Error(`The in-memory shell does not know: ${statement}`);
}

/** The failure of a runtime whose exec found no such program. */
export function commandNotFound(command: string): EngineError {
  return new EngineError('invalid-argument', `${command}: executable file not found in the container`, {
    detail: { step: 'exec', errno: 'ENOENT', path: command, exitCode: 127 },
  });
}
