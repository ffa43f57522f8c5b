import { createLog } from '../base/log.ts';
import { build } from '../buildpack/build.ts';
import { builderNode } from '../buildpack/node/builder-node.ts';
import { runBuild } from '../libcnb/phase.ts';
import { tellTask } from '../shipwright/task-results.ts';

// Whoever runs the image has to be able to read what is made here, and gets the same layers from every machine.
process.umask(0o022);

const log = createLog(process.stdout, { level: 'debug' });

process.exitCode = await runBuild(async (context) => build(context, log, await builderNode(process)), {
  env: process.env,
  args: process.argv.slice(2),
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  failed: tellTask,
});
