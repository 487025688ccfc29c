/** What a Dockerfile may weigh. Far above every honest file, low enough that none can stop the engine. */
export const LIMITS = {
  /** UTF-16 units of the whole file. */
  source: 4 * 1024 * 1024,
  lines: 100_000,
  instructions: 10_000,
  /** UTF-16 units of one here-document. */
  heredoc: 1024 * 1024,
  /** `${a:-${b:-...}}`, one inside the other. */
  nesting: 32,
  /** UTF-16 units that one word may grow to by its variables. */
  expansion: 1024 * 1024,
  /** Steps that the patterns of one word may take (`${a//x/y}`). */
  patternSteps: 8_000_000,
  /** Problems collected before reading stops. */
  problems: 20,
} as const;
