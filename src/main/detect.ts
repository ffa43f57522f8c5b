import { detect } from '../buildpack/detect.ts';
import { runDetect } from '../libcnb/phase.ts';
import { tellTask } from '../shipwright/task-results.ts';

process.exitCode = await runDetect(detect, {
  env: process.env,
  args: process.argv.slice(2),
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  failed: tellTask,
});
