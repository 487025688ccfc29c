const MAX_LENGTH = 64;

/** The candidate that differs by at most two letters (one, in words of up to four), case aside; null: none. */
export function closest(written: string, candidates: Iterable<string>): string | null {
  if (written.length === 0 || written.length > MAX_LENGTH) return null;
  let best: string | null = null;
  let bestDistance = written.length <= 4 ? 2 : 3;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - written.length) >= bestDistance || candidate === written) continue;
    const distance = editDistance(written.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** ` Did you mean X?`, or nothing. */
export function didYouMean(written: string, candidates: Iterable<string>): string {
  const match = closest(written, candidates);
  return match === null ? '' : ` Did you mean ${match}?`;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
