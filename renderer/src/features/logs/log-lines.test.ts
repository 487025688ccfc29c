import { describe, expect, it } from 'vitest';
import { LineAssembler, type LogLine, paintLine, plainLog, safeText } from './log-lines.ts';

const at = '2026-11-21T14:32:54.019Z';
const record = (stream: 'stdout' | 'stderr', bytes: Uint8Array | string) => ({
  at,
  stream,
  data: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes,
});
const line = (text: string): LogLine => ({ at, stream: 'stdout', text });

describe('LineAssembler', () => {
  it('joins the pieces of a long line, also inside of a character', () => {
    const bytes = new TextEncoder().encode('größe\n');
    const assembler = new LineAssembler();
    expect(assembler.add(record('stdout', bytes.slice(0, 3)))).toBeUndefined();
    expect(assembler.add(record('stderr', 'other\r\n'))).toEqual({ at, stream: 'stderr', text: 'other' });
    expect(assembler.add(record('stdout', bytes.slice(3)))?.text).toBe('größe');
  });

  it('gives what has no line feed at the end', () => {
    const assembler = new LineAssembler();
    assembler.add(record('stdout', 'no end'));
    expect(assembler.rest()).toEqual([line('no end')]);
    expect(assembler.rest()).toEqual([]);
  });
});

describe('safeText', () => {
  it('keeps colours', () => expect(safeText('\u001b[31mred\u001b[0m')).toBe('\u001b[31mred\u001b[0m'));

  it('lets no log move the cursor, set the title, write to the clipboard or clear the screen', () => {
    expect(safeText('a\u001b[2Jb\u001b]52;c;aGk=\u0007c\u001b]0;title\u001b\\d\u001bcE\u0008')).toBe('abcdE');
  });

  it('shows the last state of a line that was rewritten', () =>
    expect(safeText('10%\r50%\r100%')).toBe('100%'));
});

describe('paintLine', () => {
  it('cuts a line to the window when it is not to wrap, and counts no colour codes', () => {
    const style = { timestamps: false, wrap: false, columns: 24 };
    const text = paintLine(line(`\u001b[32m${'x'.repeat(50)}`), style);
    expect(text.match(/x/g)).toHaveLength(19);
    expect(text).toContain('…');
  });

  it('marks stderr', () => {
    const painted = paintLine(
      { ...line('boom'), stream: 'stderr' },
      { timestamps: false, wrap: true, columns: 80 },
    );
    expect(painted).toContain('err');
  });
});

it('downloads without colours and with exact times', () => {
  expect(plainLog([line('\u001b[31mred\u001b[0m')], true)).toBe(`${at} red\n`);
});
