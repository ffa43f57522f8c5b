// Runs a command with a Docker engine that has the builder: `node scripts/with-engine.ts COMMAND ...`.
// An engine that was started for it is stopped again.
import { execa } from 'execa';
import { run } from './command.ts';
import { findEngine, startEngine, stopEngine } from './engine.ts';

const [command = 'true', ...args] = process.argv.slice(2);
const wasThere = (await findEngine()) !== undefined;
const env = { DOCKER_HOST: await startEngine() };
try {
  await run('node', ['scripts/builder.ts'], { env });
  const { exitCode = 1 } = await execa(command, args, { env, stdio: 'inherit', reject: false });
  process.exitCode = exitCode;
} finally {
  if (!wasThere) await stopEngine();
}
