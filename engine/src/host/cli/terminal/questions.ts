import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { CommandContext } from '../context.ts';

const MAX_INPUT_BYTES = 64 * 1024;

/** Asks on the terminal; Ctrl+C ends the command. */
export function askLine(context: CommandContext, question: string): Promise<string> {
  return ask(context, question, context.stderr);
}

/** The answer is not shown. */
export async function askHidden(context: CommandContext, question: string): Promise<string> {
  context.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await ask(context, '', nowhere);
  } finally {
    context.stderr.write('\n');
  }
}

async function ask(
  context: CommandContext,
  question: string,
  output: NodeJS.WritableStream,
): Promise<string> {
  const lines = createInterface({ input: context.stdin, output, terminal: true });
  try {
    return await lines.question(question, { signal: context.signal });
  } finally {
    lines.close();
  }
}

/** All of a short input, as a password is. */
export async function readAll(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    length += bytes.byteLength;
    if (length > MAX_INPUT_BYTES) break;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
