import { FnError } from '../base/error.ts';
import { detect } from '../buildpack/detect.ts';
import { runDetect } from '../libcnb/phase.ts';
import { tellTask } from '../shipwright/task-results.ts';

const HINT = 'See that the build has the folder of the function, and FUNC_NAME the name of what it exports.';

process.exitCode = await runDetect(detect, {
  env: process.env,
  args: process.argv.slice(2),
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  failed: tellTask,
  refused: async (reason) => tellTask(new FnError(reason, { code: 'OFN-DETECT', hint: HINT })),
});
