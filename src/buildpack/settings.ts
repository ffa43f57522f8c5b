import { BUDGET_SETTINGS } from './budgets/settings.ts';
import { SOURCE_SETTINGS } from './project/clear-source.ts';
import { APPLICATION_SETTINGS } from './config/application.ts';
import { EXEC_ENV } from './config/exec-env.ts';
import { ENCODED } from './config/encoded-variables.ts';
import { FUNCTION_SETTINGS } from './config/function.ts';
import { LABELS_KEY } from './config/labels.ts';
import type { BuildSetting } from './config/setting.ts';
import { FRAMEWORK_SETTINGS } from './framework-layer/version/settings.ts';
import { LABEL_SETTINGS, OCI_SETTINGS } from './labels/settings.ts';
import { INSTALL_SETTINGS } from './managers/settings.ts';
import { LAUNCH_SETTINGS } from './launch/settings.ts';
import { NODE_SETTINGS } from './node/settings.ts';
import { PROJECT_SETTINGS } from './project/project-folder.ts';
import { PROCESS_SETTINGS } from './launch/processes.ts';
import { SBOM_SETTINGS } from './sbom/settings.ts';
import { AUDIT_SETTINGS } from './supply/settings.ts';
import { TYPESCRIPT_SETTINGS } from './typescript/settings.ts';

/** Every setting of a build, in the order of docs/build.md; each row stands in the folder of what it sets. */
export const BUILD_SETTINGS: readonly BuildSetting<unknown>[] = [
  FUNCTION_SETTINGS,
  TYPESCRIPT_SETTINGS,
  PROJECT_SETTINGS,
  { execEnv: EXEC_ENV },
  PROCESS_SETTINGS,
  APPLICATION_SETTINGS,
  INSTALL_SETTINGS,
  NODE_SETTINGS,
  FRAMEWORK_SETTINGS,
  SBOM_SETTINGS,
  AUDIT_SETTINGS,
  OCI_SETTINGS,
  LABEL_SETTINGS,
  LAUNCH_SETTINGS,
  BUDGET_SETTINGS,
  SOURCE_SETTINGS,
].flatMap((rows) => Object.values<BuildSetting<unknown>>(rows));

/** The keys that `openfunction` of a project's files may have. */
export const DECLARED_KEYS: readonly string[] = BUILD_SETTINGS.flatMap(({ key }) => key ?? []).concat(LABELS_KEY);

/** The variables that say something to this buildpack. */
export const KNOWN_VARIABLES: readonly string[] = [ENCODED, ...BUILD_SETTINGS.flatMap(({ variables }) => variables)];
