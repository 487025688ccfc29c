/** A place in the file. Both count from 1; columns are UTF-16 units, as editors have them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `end` is the place after the last character. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A piece of an instruction as it was written, variables and quotes included, and where. */
export interface Word {
  readonly text: string;
  readonly range: Range;
}
