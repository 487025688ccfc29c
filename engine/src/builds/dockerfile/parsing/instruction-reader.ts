import { LIMITS } from '../limits.ts';
import type { EscapeCharacter } from '../source/directives.ts';
import { type Heredoc, type HeredocMark, heredocMarks } from '../source/heredocs.ts';
import type { LineReader, ReadLine } from '../source/line-reader.ts';
import type { Range } from '../source/position.ts';
import { withoutEnding } from '../source/source-text.ts';
import type { Instruction } from '../syntax/instruction.ts';
import type { InstructionText } from './instruction-text.ts';
import { readInstruction, triggerText } from './read-instruction.ts';
import { splitInstruction } from './split-instruction.ts';
import { readStringList } from './string-list.ts';

const WITH_HEREDOCS = ['add', 'copy', 'run'];

/** One instruction after the other, with the here-documents below each. */
export class InstructionReader {
  /** Of all lines read so far. */
  readonly emptyContinuations: Range[] = [];
  private readonly lines: LineReader;
  private readonly escape: EscapeCharacter;

  constructor(lines: LineReader, escape: EscapeCharacter) {
    this.lines = lines;
    this.escape = escape;
  }

  /** Null at the file's end. Fails with a ProblemError, after which the next instruction can be read. */
  next(): Instruction | null {
    const read = this.lines.next();
    if (read === null) return null;
    this.emptyContinuations.push(...read.emptyContinuations);
    const { line, comments } = read;
    const parts = splitInstruction(line.text, 0, this.escape);
    const text: InstructionText = { ...parts, line, escape: this.escape, heredocs: [], comments };
    if (!takesHeredocs(text)) return readInstruction(text);
    return readInstruction(this.withHeredocs(text, read));
  }

  private withHeredocs(text: InstructionText, { line }: ReadLine): InstructionText {
    const sourceLines = [...line.sourceLines];
    const heredocs: Heredoc[] = [];
    for (const mark of heredocMarks(line.text)) {
      const read = this.readHeredoc(mark, text);
      heredocs.push(read.heredoc);
      for (const sourceLine of read.lines) sourceLines.push(sourceLine);
    }
    return heredocs.length === 0 ? text : { ...text, heredocs, line: line.withSourceLines(sourceLines) };
  }

  private readHeredoc(
    mark: HeredocMark,
    { line, args }: InstructionText,
  ): { readonly heredoc: Heredoc; readonly lines: readonly string[] } {
    const start = { line: this.lines.nextNumber, column: 1 };
    const lines: string[] = [];
    let length = 0;
    for (let raw = this.lines.take(); raw !== null; raw = this.lines.take()) {
      const content = withoutEnding(raw);
      lines.push(raw);
      if ((mark.stripTabs ? content.replace(/^\t+/, '') : content) === mark.name) {
        const end = { line: this.lines.nextNumber - 1, column: content.length + 1 };
        return { heredoc: { ...mark, content: lines.slice(0, -1).join(''), range: { start, end } }, lines };
      }
      length += raw.length;
      if (length > LIMITS.heredoc) {
        throw line.problem(
          args,
          `The here-document ${mark.name} is longer than ${LIMITS.heredoc} characters.`,
        );
      }
    }
    const expected = `A line with nothing but ${mark.name} ends it.`;
    throw line.problem(args, `The here-document ${mark.name} does not end.`, expected);
  }
}

/** RUN, COPY and ADD have them, also behind ONBUILD, unless their arguments are JSON. */
function takesHeredocs(text: InstructionText): boolean {
  const target = text.keyword.text.toLowerCase() === 'onbuild' ? triggerText(text) : text;
  if (target === null || !WITH_HEREDOCS.includes(target.keyword.text.toLowerCase())) return false;
  return !Array.isArray(readStringList(target.args));
}
