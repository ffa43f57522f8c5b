import { satisfies } from 'semver';
import { isVulnerable } from './choice.ts';
import { lineOf, RELEASES } from './releases.ts';
import type { FoundRequests } from './sources.ts';

/** What people should know of the version that was chosen; `today` is a day, as in 2026-11-21. */
export function warningsFor(
  version: string,
  { request, others }: FoundRequests,
  { isRunImages, today }: { readonly isRunImages: boolean; readonly today: string },
): readonly string[] {
  const act =
    request === undefined || isRunImages
      ? 'Use a newer builder image; "pack rebase" moves an image onto a newer run image.'
      : `Let ${request.source} ask for a newer one, for example ${keptLine(version, today)}.`;
  const line = lineOf(version);
  const warnings: string[] = [];
  if (line !== undefined && line.end < today) {
    warnings.push(`Node.js ${version} gets no fixes since ${line.end}, also none of vulnerabilities. ${act}`);
  }
  if (line?.secured !== undefined && isVulnerable(version)) {
    const { version: fixed, date, fixed: names } = line.secured;
    warnings.push(
      `Node.js ${version} has vulnerabilities that ${fixed} of ${date} closes, among them ${names.slice(0, 3).join(', ')}. ${act}`,
    );
  }
  for (const { source, text } of others.filter(({ range }) => !satisfies(version, range))) {
    warnings.push(
      `${source} asks for Node.js ${text}, and ${request?.source ?? 'the build'} wins with ${version}. Let both say the same.`,
    );
  }
  return warnings;
}

/** The version's own line while it gets fixes, else the next with long-term support that does. */
function keptLine(version: string, today: string): number {
  const own = Number(version.split('.')[0]);
  const kept = RELEASES.lines.filter(
    ({ major, codename, end }) => end >= today && (major === own || codename !== undefined),
  );
  const next = kept.find(({ major }) => major >= own) ?? kept.at(-1);
  return next?.major ?? own;
}
