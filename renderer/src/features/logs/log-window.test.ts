import { describe, expect, it } from 'vitest';
import type { LogLine } from './log-lines.ts';
import { LineWindow } from './log-window.ts';

const line = (text: string, at = text): LogLine => ({ at, stream: 'stdout', text });
const lines = (...texts: string[]) => texts.map((text) => line(text));
const texts = (window: LineWindow) => window.lines.map(({ text }) => text).join('');

describe('LineWindow', () => {
  it('lets the oldest go for new ones', () => {
    const window = new LineWindow(4, 100);
    expect(window.append(lines('a', 'b', 'c', 'd', 'e'))).toBe(false);
    expect(window.append(lines('f'))).toBe(true);
    expect(texts(window)).toBe('cdef');
  });

  it('lets the newest go for older ones', () => {
    const window = new LineWindow(4, 100);
    window.append(lines('d', 'e', 'f'));
    expect(window.prepend(lines('c'))).toBe(false);
    expect(window.full).toBe(true);
    expect(window.prepend(lines('a', 'b'))).toBe(true);
    expect(texts(window)).toBe('abcd');
  });

  it('counts a long line by the rows that it takes', () => {
    const window = new LineWindow(100, 4);
    window.append([line('a'), line('x'.repeat(240), 'x'), line('b'), line('c')]);
    expect(window.lines.map(({ at }) => at)).toEqual(['b', 'c']);
  });

  it('knows how many lines share the time of its ends', () => {
    const window = new LineWindow(10, 10);
    window.append([line('a', '1'), line('b', '1'), line('c', '2')]);
    expect(window.first()).toEqual({ at: '1', count: 2 });
    expect(window.last()).toEqual({ at: '2', count: 1 });
    window.clear();
    expect(window.first()).toBeUndefined();
  });
});
