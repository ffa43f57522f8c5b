/**
 * A lock file of indented lines, such as YAML, without the entries and the mentions of a package. pnpm, Yarn and bun
 * write theirs so that a line begins with the name of what it and the deeper lines below it are about.
 */
export function withoutEntries(lockText: string, name: string): string {
  const mention = new RegExp(`^\\s*["']?/?${name.replaceAll(/[.\\/]/g, String.raw`\$&`)}(?=["'@/: ])`);
  const kept: string[] = [];
  let entry: number | undefined;
  for (const line of lockText.split('\n')) {
    const isPart = entry !== undefined && line.trim() !== '' && depthOf(line) > entry;
    if (isPart) continue;
    entry = mention.test(line) ? depthOf(line) : undefined;
    if (entry === undefined) kept.push(line);
  }
  return kept.map((line, index) => (isEmptied(line, kept[index + 1]) ? `${line} {}` : line)).join('\n');
}

/** Whether a line of YAML opens a table of which nothing is left. */
function isEmptied(line: string, next: string | undefined): boolean {
  if (!/^\s+\S.*:$/.test(line)) return false;
  return next === undefined || depthOf(next) <= depthOf(line);
}

function depthOf(line: string): number {
  return line.length - line.trimStart().length;
}
