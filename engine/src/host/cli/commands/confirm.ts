import { createInterface } from 'node:readline/promises';
import type { CommandContext } from '../context.ts';

/** Says what is about to happen, and asks. No answer is no. */
export async function confirms(words: string, context: CommandContext): Promise<boolean> {
  const { stdin, stdout, signal } = context;
  context.say(words);
  const reader = createInterface({ input: stdin, output: stdout });
  try {
    const answer = await reader.question('Are you sure? [y/N] ', { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}
