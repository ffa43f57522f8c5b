import { execa } from 'execa';

/** Runs kubectl with some arguments, with `input` on its standard input, and gives what it printed; throws when it fails. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/** kubectl with a kubeconfig. */
export function kubectlWith(kubeconfig: string): Kubectl {
  return async (args, input) => {
    const how = input === undefined ? { stdin: 'ignore' as const } : { input };
    const { stdout } = await execa('kubectl', ['--kubeconfig', kubeconfig, ...args], how);
    return stdout;
  };
}
