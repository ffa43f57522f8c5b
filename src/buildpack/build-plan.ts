import type { Log } from '../base/log.ts';
import type { Environment } from '../base/setting.ts';
import type { BuildContext } from '../libcnb/context.ts';
import type { Config } from './config/function.ts';
import type { Sources } from './config/sources.ts';
import type { BuilderNode } from './node/builder-node.ts';
import type { PackageJson } from './project/package-json.ts';
import type { CommandLine } from './launch/program-command.ts';

/** What a build starts from. */
export interface BuildPlan {
  readonly context: BuildContext;
  /** Where package.json and the lock file are: the app's root, or a folder below it. */
  readonly projectDir: string;
  readonly config: Config;
  readonly packageJson: PackageJson | undefined;
  readonly sources: Sources;
  /** What package managers and the boot check run with. */
  readonly env: Environment;
  readonly log: Log;
  /** What must not be in the metadata of the image. */
  readonly secrets: readonly string[];
  readonly builder: BuilderNode;
  /** What serves where no function is named. */
  readonly commandLine: CommandLine | undefined;
}
