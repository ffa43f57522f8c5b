import { managerDecision, noFunctionDecisions, projectDecision } from '../build-decisions.ts';
import { namedInApp } from './app-file.ts';
import { findDependencies } from '../dependencies/dependencies.ts';
import { FRAMEWORK_SETTINGS, frameworkDecision } from '../framework-layer/version/settings.ts';
import { INSTALL_SETTINGS } from '../managers/settings.ts';
import { describingDecisions, OF_APPLICATION, ofFunctions } from '../labels/description.ts';
import { findRequests, nodeDecision } from '../node/sources.ts';
import { encodePlan } from '../plan.ts';
import { readProject, readVariables } from './project.ts';
import { findMaking, makingDecision } from '../typescript/making.ts';

/**
 * The plan that a build of a folder would make, as far as its files and the user's variables decide it: nothing is
 * installed, fetched or booted.
 */
export async function planOfProject(appDir: string, userEnv: Readonly<Record<string, string>>): Promise<string> {
  const variables = await readVariables({ appDir, env: userEnv, userEnv });
  const project = await readProject(appDir, variables);
  const { commandLine, config, projectDir, packageJson, sources } = project;
  const requests = await findRequests({ appDir, projectDir, sources, packageJson });
  // Which ABI and architecture are served decides the key of the modules, and not who installs them.
  const installing = {
    appDir,
    abi: '',
    architectures: { builder: '', target: '' },
    installScripts: sources.read(INSTALL_SETTINGS.scripts).value,
  };
  const dependencies = await namedInApp(appDir, () => findDependencies(projectDir, packageJson, installing));
  const making = await findMaking({ appDir, ...project });
  const otherwise = commandLine === undefined ? ofFunctions([{ name: config.target.value }]) : OF_APPLICATION;
  const version = requests.request?.text ?? "the run image's";
  const framework = sources.read(FRAMEWORK_SETTINGS.version);
  return encodePlan(sources, [
    { ...nodeDecision(requests, version), open: true },
    { ...frameworkDecision(framework, framework.value || "the builder's"), open: true },
    projectDecision(appDir, project),
    managerDecision(dependencies),
    makingDecision(sources, making),
    ...(commandLine === undefined ? [] : noFunctionDecisions()),
    ...describingDecisions({ sources, packageJson, otherwise }),
  ]);
}
