import { createLog } from '../base/log.ts';
import { build } from '../buildpack/build.ts';
import { runBuild } from '../libcnb/phase.ts';

const log = createLog(process.stdout, { level: 'debug' });

process.exitCode = await runBuild((context) => build(context, log, process.versions.modules), {
  env: process.env,
  args: process.argv.slice(2),
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
});
