/** The same word, upper and lower case aside. */
export function isEqualFold(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
