import { isEqualFold } from '../fold.ts';
import { plainWords } from '../argument-words.ts';
import { Flags } from '../flags.ts';
import { atKeyword, baseOf, type InstructionText } from '../instruction-text.ts';
import type { FromInstruction } from '../../syntax/instruction.ts';

const STAGE_NAME = /^[a-z][a-z0-9-_.]*$/;
const FORM = 'FROM [--platform=PLATFORM] IMAGE [AS NAME]';

export function readFrom(text: InstructionText): FromInstruction {
  const flags = new Flags(text, { platform: 'text' });
  const [image, as, name, ...others] = plainWords(text.args);
  if (image === undefined) throw atKeyword(text, 'FROM needs an image.', `It is written ${FORM}.`);
  const base = { ...baseOf(text), kind: 'from', platform: flags.word('platform') } as const;
  if (as === undefined) return { ...base, image: text.line.word(image), as: null, name: null };
  if (name === undefined || others.length > 0 || !isEqualFold(as.text, 'as')) {
    throw text.line.problem(
      { from: as.from, to: text.args.to },
      'FROM takes an image, or an image, AS and a name.',
      `It is written ${FORM}.`,
    );
  }
  if (!STAGE_NAME.test(name.text.toLowerCase())) {
    const expected = 'A name begins with a letter and has letters, digits, "-", "_" and ".".';
    throw text.line.problem(name, `"${name.text}" cannot be the name of a stage.`, expected);
  }
  return { ...base, image: text.line.word(image), as: text.line.word(as), name: text.line.word(name) };
}
