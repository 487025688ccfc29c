import fc from 'fast-check';

/** One change of a text; places are taken modulo its length, so that changes stay valid while an input shrinks. */
interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly insert: string | { readonly from: number; readonly length: number };
  readonly times: number;
}

/** No input grows beyond it: what a target takes per character is what is bounded. */
const MAX_LENGTH = 20_000;

/** Texts of a corpus with changes: pieces of them again, pieces of a dictionary, pieces left out. */
export function mutatedText(corpus: readonly string[], dictionary: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.record({ from: fc.nat(), length: fc.integer({ min: 1, max: 80 }) });
  const edit: fc.Arbitrary<Edit> = fc.record({
    at: fc.nat(),
    cut: fc.oneof(fc.constant(0), fc.nat(40)),
    insert: fc.oneof(fc.constantFrom(...dictionary), piece, fc.string({ unit: 'binary', maxLength: 4 })),
    times: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 400 })),
  });
  const few = fc.array(edit, { minLength: 1, maxLength: 2 });
  const many = fc.array(edit, { minLength: 3, maxLength: 8 });
  return fc
    .tuple(fc.constantFrom(...corpus), fc.oneof(few, many))
    .map(([text, edits]) => edits.reduce(applied, text));
}

function applied(text: string, { at, cut, insert, times }: Edit): string {
  const place = at % (text.length + 1);
  const from = typeof insert === 'string' ? 0 : insert.from % (text.length + 1);
  const inserted = typeof insert === 'string' ? insert : text.slice(from, from + insert.length);
  return (text.slice(0, place) + inserted.repeat(times) + text.slice(place + cut)).slice(0, MAX_LENGTH);
}

/** Bytes of any kind, read as a file is read: what is no UTF-8 becomes U+FFFD. */
export function decodedBytes(): fc.Arbitrary<string> {
  return fc.uint8Array({ maxLength: 600 }).map((bytes) => new TextDecoder().decode(bytes));
}
