import { FnError } from '../../base/error.ts';
import type { Finding } from './findings.ts';

/** A finding in words: what, which version, which advisory, where it is fixed and who depends on it. */
export function describeFinding({ advisory, name, version, fixed, through }: Finding): string {
  const { id, aliases, severity, summary } = advisory;
  const others = aliases.length === 0 ? '' : ` (${aliases.join(', ')})`;
  const fix = fixed === undefined ? 'no fix is known' : `fixed in ${fixed}`;
  const by = through.length === 0 ? '' : `, needed by ${through.join(' > ')}`;
  return `${name} ${version}: ${id}${others}, ${severity}${summary === '' ? '' : `: ${summary}`}; ${fix}${by}`;
}

/** The failure of a build with packages that it refuses. */
export function refusal(findings: readonly Finding[]): FnError {
  const lines = findings.map((finding) => `  ${describeFinding(finding)}`);
  const [one] = findings;
  const what = new Set(findings.map(({ name, version }) => `${name} ${version}`)).size;
  return new FnError(
    `Couldn't build with ${what === 1 ? 'a package that is' : `${what} packages that are`} known to be vulnerable.\n\n${lines.join('\n')}`,
    {
      code: 'OFN-DEPS-VULNERABLE',
      hint: `Take versions in which they are fixed, and commit the lock file. What does not concern the function is accepted by BP_AUDIT_ALLOW=${one?.advisory.id ?? ''}, or "audit-allow" in func.toml; BP_AUDIT_LEVEL says from which severity on builds fail.`,
    },
  );
}
