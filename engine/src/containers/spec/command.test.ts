import { describe, expect, it } from 'vitest';
import { mergeCommand } from './command.ts';
import { imageConfig } from '../../testing/runtime/index.ts';

const image = imageConfig({ entrypoint: ['/entry'], command: ['default'] });

describe('mergeCommand', () => {
  it('takes both from the image when nothing is asked', () => {
    expect(mergeCommand({}, image)).toEqual({ entrypoint: ['/entry'], command: ['default'] });
  });

  it("keeps the image's entrypoint with a new command", () => {
    expect(mergeCommand({ command: ['a', 'b'] }, image)).toEqual({
      entrypoint: ['/entry'],
      command: ['a', 'b'],
    });
  });

  it("drops the image's command when an entrypoint is given", () => {
    expect(mergeCommand({ entrypoint: ['/other'] }, image)).toEqual({ entrypoint: ['/other'], command: [] });
  });

  it('takes both as they are given', () => {
    expect(mergeCommand({ entrypoint: ['/other'], command: ['x'] }, image)).toEqual({
      entrypoint: ['/other'],
      command: ['x'],
    });
  });

  it("removes the image's entrypoint with an empty list, keeping its command", () => {
    expect(mergeCommand({ entrypoint: [] }, image)).toEqual({ entrypoint: [], command: ['default'] });
  });

  it("removes the image's entrypoint and command with one empty word", () => {
    expect(mergeCommand({ entrypoint: [''], command: ['x'] }, image)).toEqual({
      entrypoint: [],
      command: ['x'],
    });
    expect(() => mergeCommand({ entrypoint: [''] }, image)).toThrow('No command was given');
  });

  it('refuses a container without any command', () => {
    expect(() => mergeCommand({}, imageConfig({}))).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });
});
