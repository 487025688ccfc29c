import type { LogRecord, LogStream } from '@longshore/engine/types';

export interface LogLine {
  readonly at: string;
  readonly stream: LogStream;
  /** Without its line feed. */
  readonly text: string;
}

/** A line longer than this is cut for the screen; the download has it whole. */
export const LONGEST_SHOWN = 10_000;

/**
 * Puts records together to lines: a very long line comes in pieces, and a character of several bytes may lie across
 * two of them.
 */
export class LineAssembler {
  private readonly parts: Record<LogStream, { at: string; text: string; decoder: TextDecoder } | undefined> =
    {
      stdout: undefined,
      stderr: undefined,
    };

  add(record: LogRecord): LogLine | undefined {
    const part = this.parts[record.stream] ?? { at: record.at, text: '', decoder: new TextDecoder() };
    const ends = record.data.at(-1) === 0x0a;
    const text = part.text + part.decoder.decode(record.data, { stream: !ends });
    if (!ends) {
      this.parts[record.stream] = { ...part, text };
      return undefined;
    }
    this.parts[record.stream] = undefined;
    return { at: part.at, stream: record.stream, text: text.replace(/\r?\n$/, '') };
  }

  /** What has no line feed yet, at the end of a log. */
  rest(): readonly LogLine[] {
    const lines: LogLine[] = [];
    for (const stream of ['stdout', 'stderr'] as const) {
      const part = this.parts[stream];
      if (part !== undefined) lines.push({ at: part.at, stream, text: part.text });
      this.parts[stream] = undefined;
    }
    return lines;
  }
}

export interface LineStyle {
  readonly timestamps: boolean;
  readonly wrap: boolean;
  readonly columns: number;
}

const DIM = '\u001b[90m';
const RED = '\u001b[31m';
const RESET = '\u001b[0m';

/** A line as xterm is to paint it: time, a mark for stderr, the text with the colours its program gave it. */
export function paintLine(line: LogLine, style: LineStyle): string {
  const time = style.timestamps ? `${DIM}${timeOf(line.at)}${RESET}  ` : '';
  const source = line.stream === 'stderr' ? `${RED}err${RESET} ` : '    ';
  const used = (style.timestamps ? 14 : 0) + 4;
  const shown = safeText(line.text);
  const text = style.wrap ? cut(shown, LONGEST_SHOWN) : cut(shown, Math.max(20, style.columns - used));
  return `${time}${source}${text}${RESET}\n`;
}

/** A quiet word of the view itself, between lines of the log. */
export function paintNote(text: string): string {
  return `${DIM}    ${text}${RESET}\n`;
}

const ESCAPE = '\u001b';

/**
 * Keeps colours and drops every other control: a log must not move the cursor, set the title or write to the
 * clipboard of the one who reads it.
 */
export function safeText(text: string): string {
  return (
    text
      // A line that a program rewrote in place shows its last state, as it would in a terminal.
      .replace(/^.*\r(?!$)/s, '')
      .replace(ESCAPE_SEQUENCE, (_, colors) => (typeof colors === 'string' ? `${ESCAPE}[${colors}m` : ''))
      .replace(CONTROL_CHARACTER, '')
  );
}

// A colour code with its numbers; any other CSI; an OSC (title, clipboard, link); any other escape of two characters.
const ESCAPE_SEQUENCE =
  // eslint-disable-next-line no-control-regex
  /\u001b\[([0-9;:]*)m|\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b./g;

// Tab, line feed and the escape of colours stay.
// eslint-disable-next-line no-control-regex
const CONTROL_CHARACTER = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;

/** At most `width` characters that take room, the colour codes between them not counted. */
function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  let room = width;
  let at = 0;
  while (at < text.length) {
    const code = text.charAt(at) === ESCAPE ? text.indexOf('m', at) : -1;
    if (code >= 0) at = code + 1;
    else if (room <= 1) return `${text.slice(0, at)}${DIM}…`;
    else {
      at += 1;
      room -= 1;
    }
  }
  return text;
}

/** `14:32:54.019`, of the person's own time zone. */
function timeOf(at: string): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

/** The log as a file: each line with its time and stream, colours taken out. */
export function plainLog(lines: readonly LogLine[], timestamps: boolean): string {
  // eslint-disable-next-line no-control-regex
  const plain = (text: string) => safeText(text).replace(/\u001b\[[0-9;:]*m/g, '');
  return lines.map((line) => `${timestamps ? `${line.at} ` : ''}${plain(line.text)}\n`).join('');
}
