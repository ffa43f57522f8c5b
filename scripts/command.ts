import { execa, type Options } from 'execa';

/** Runs a program, its output shown as it comes; throws when it fails. */
export async function run(program: string, args: readonly string[], options: Options = {}): Promise<void> {
  await execa(program, args, { stdin: 'ignore', stdout: 'inherit', stderr: 'inherit', ...options });
}

/** Runs a program and gives what it printed, without the last line break; throws when it fails. */
export async function read(program: string, args: readonly string[], options: Options = {}): Promise<string> {
  const { stdout } = await execa(program, args, { stdin: 'ignore', ...options });
  return String(stdout);
}

/** Whether a program is on PATH. */
export async function has(program: string): Promise<boolean> {
  const { failed } = await execa('sh', ['-c', 'command -v "$0"', program], { reject: false });
  return !failed;
}

/** Installs the Debian packages whose programs (program to package) are missing; elsewhere it says what to install. */
export async function needPrograms(packages: Readonly<Record<string, string>>): Promise<void> {
  const missing: string[] = [];
  for (const [program, name] of Object.entries(packages)) if (!(await has(program))) missing.push(name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !(await has('apt-get'))) {
    throw new Error(`Couldn't find ${missing.join(', ')}: install them with your system's package manager.`);
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env, stdout: 'ignore' });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env, stdout: 'ignore' });
}
