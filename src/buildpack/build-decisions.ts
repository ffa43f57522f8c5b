import { relative } from 'node:path';
import { isRepeatable, type Outcome } from './app-files/outcome.ts';
import { outcomeDecision } from './app-files/words.ts';
import type { ProvenFunction } from './proof/boot-check.ts';
import { FUNCTION_SETTINGS } from './config/function.ts';
import { describeChange } from './config/setting.ts';
import type { Sources } from './config/sources.ts';
import type { Decision } from './decision.ts';
import type { Dependencies } from './dependencies/dependencies.ts';
import type { FrameworkLayer } from './framework-layer/framework-layer.ts';
import { LAUNCH_SETTINGS } from './launch/settings.ts';
import { PROJECT_SETTINGS } from './project/project-folder.ts';

/** What the steps of a build found out. */
interface Found {
  readonly appDir: string;
  readonly framework: FrameworkLayer;
  readonly proven: ProvenFunction;
  /** Undefined where nothing is installed. */
  readonly dependencies: Dependencies | undefined;
  /** What was made in the app; undefined where nothing is installed. */
  readonly outcome: Outcome | undefined;
}

/** The decisions of steps that go by more than one setting. */
export function decisionsOf({ appDir, framework, proven, dependencies, outcome }: Found): readonly Decision[] {
  return [
    {
      subject: 'module',
      value: proven.modulePath.replace(`${appDir}/`, ''),
      source: 'the first file that is there: docs/build.md, "How a module is found"',
      change: 'FUNC_SRC, "source" in func.toml or package.json, "main" in package.json',
    },
    framework.decision,
    managerDecision(dependencies),
    modulesDecision(dependencies, outcome),
    outcomeDecision(outcome),
  ];
}

/** The decisions about an application that go by more than one setting. */
export function decisionsOfApplication({
  framework,
  dependencies,
  outcome,
}: Pick<Found, 'framework' | 'dependencies' | 'outcome'>): readonly Decision[] {
  return [
    ...noFunctionDecisions(),
    framework.decision,
    managerDecision(dependencies),
    modulesDecision(dependencies, outcome),
    outcomeDecision(outcome),
  ];
}

/** What is decided by there being no function. */
export function noFunctionDecisions(): readonly Decision[] {
  const ofFunctions = [FUNCTION_SETTINGS.signatureType, FUNCTION_SETTINGS.check, LAUNCH_SETTINGS.compileCache];
  const change = describeChange(FUNCTION_SETTINGS.target);
  return ofFunctions.map(({ subject }) => ({ subject, value: 'none', source: 'no function is named', change }));
}

/** Whose package.json and lock file they are. */
export function projectDecision(
  appDir: string,
  { projectDir, sources }: { readonly projectDir: string; readonly sources: Sources },
): Decision {
  const { value, source } = sources.read(PROJECT_SETTINGS.folder);
  return {
    subject: PROJECT_SETTINGS.folder.subject,
    value: relative(appDir, projectDir) || '.',
    source: value === '' ? 'the lock file nearest to the source, or package.json' : source,
    change: describeChange(PROJECT_SETTINGS.folder),
  };
}

/** Which package manager installs. */
export function managerDecision(dependencies: Dependencies | undefined): Decision {
  const change = '"packageManager", "devEngines" and "engines" in package.json, the lock file';
  if (dependencies === undefined) return { subject: 'package manager', value: 'none', source: NOTHING, change };
  const { manager, version, source } = dependencies.choice;
  const value = version === undefined ? `${manager.name}, the builder's` : `${manager.name} ${version}`;
  return { subject: 'package manager', value, source, change };
}

function modulesDecision(dependencies: Dependencies | undefined, outcome: Outcome | undefined): Decision {
  const subject = 'reuse of dependencies';
  if (dependencies === undefined) return { subject, value: 'none', source: NOTHING, change: 'dependencies' };
  const { unique, key } = dependencies;
  const isKnown = outcome !== undefined && isRepeatable(outcome);
  const value = isKnown ? 'while nothing at all changes' : 'installed in every build';
  if (unique !== undefined) return { subject, value, source: unique, change: unique };
  return {
    subject,
    value: `while the key is ${key.slice(0, 12)}`,
    source: 'lock file, package.json, settings of the package manager, ABI of Node.js, architecture',
    change: 'any of these',
  };
}

const NOTHING = 'nothing to install';
