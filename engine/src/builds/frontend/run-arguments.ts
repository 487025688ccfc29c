import { type CommandLine, type Heredoc, heredocContent } from '../dockerfile/index.ts';

/** The vector that RUN executes. A line that is nothing but a here-document is that document as a script. */
export function runArguments(command: CommandLine, shell: readonly string[]): readonly string[] {
  if (command.form === 'exec') return command.args.map(({ text }) => text);
  const { line, heredocs } = command;
  const [only] = heredocs;
  if (only === undefined) return [...shell, line.text];
  if (heredocs.length === 1 && isMarkAlone(line.text)) return script(heredocContent(only), shell);
  return [...shell, `${line.text}\n${heredocs.map(written).join('')}`];
}

function isMarkAlone(line: string): boolean {
  return /^<<-?\s*(['"]?)[\w.-]+\1$/.test(line.trim());
}

/** With `#!` another program reads it: the shell hands it over. */
function script(content: string, shell: readonly string[]): readonly string[] {
  const [, interpreter] = /^#!\s*(\S.*?)\s*(?:\r?\n|$)/.exec(content) ?? [];
  if (interpreter === undefined) return [...shell, content];
  return [...shell, `${interpreter} /dev/fd/3 3<<'LONGSHORE_SCRIPT'\n${content}LONGSHORE_SCRIPT\n`];
}

function written({ content, name }: Heredoc): string {
  return `${content}${name}\n`;
}
