/** The candidate a person most likely meant, or undefined when none is near: optimal string alignment, a third of the length at most. */
export function closest(meant: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.floor(Math.max(meant.length, 3) / 3) + 1;
  for (const candidate of candidates) {
    const distance = distanceOf(meant.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function distanceOf(a: string, b: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swaps = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = (swaps ? before[j - 2] : undefined) ?? Infinity;
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swapped + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
