/** What is wrong with a piece of text, by one who does not know where it stands; the caller adds the place. */
export class Reason extends Error {
  override readonly name = 'Reason';
  readonly expected: string | undefined;

  constructor(message: string, expected?: string) {
    super(message);
    this.expected = expected;
  }
}
