import type { ProcessInput, ProcessOutput } from '@longshore/engine/types';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A shell on a terminal that echoes what is typed and knows a few commands. */
export async function* fakeShell(
  name: string,
  input: AsyncIterable<ProcessInput>,
): AsyncGenerator<ProcessOutput> {
  const out = (text: string): ProcessOutput => ({ kind: 'stdout', data: encoder.encode(text) });
  const prompt = `\u001b[32m/ #\u001b[0m `;
  yield { kind: 'ready', pid: 71 };
  yield out(prompt);
  let line = '';
  for await (const item of input) {
    if (item.kind === 'resize') continue;
    for (const char of decoder.decode(item.data)) {
      if (char === '\r') {
        yield out('\r\n');
        if (line.trim() === 'exit') {
          yield { kind: 'exited', code: 0, signal: null };
          return;
        }
        yield out(answer(name, line.trim()) + prompt);
        line = '';
      } else if (char === '\u007f') {
        if (line !== '') yield out('\b \b');
        line = line.slice(0, -1);
      } else if (char >= ' ') {
        line += char;
        yield out(char);
      }
    }
  }
}

function answer(name: string, line: string): string {
  const [command = '', ...words] = line.split(/\s+/);
  switch (command) {
    case '':
      return '';
    case 'echo':
      return `${words.join(' ')}\r\n`;
    case 'hostname':
      return `${name}\r\n`;
    case 'ls':
      return '\u001b[34mbin\u001b[0m   \u001b[34mdev\u001b[0m   \u001b[34metc\u001b[0m   \u001b[34mproc\u001b[0m  \u001b[34mroot\u001b[0m  \u001b[34msys\u001b[0m   \u001b[34mtmp\u001b[0m\r\n';
    default:
      return `sh: ${command}: not found\r\n`;
  }
}
