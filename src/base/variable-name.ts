/**
 * Variables of a machine, not of a user: some platforms hand on those of their own container. The lifecycle has put
 * search paths of users into the phase's environment already, before those of buildpacks.
 */
const OF_A_MACHINE =
  /^(?:CPATH|HOME|HOSTNAME|LD_LIBRARY_PATH|LIBRARY_PATH|OLDPWD|PATH|PKG_CONFIG_PATH|PWD|SHLVL|KUBERNETES_.*)$/;

/** Whether a variable is the machine's, whoever hands it on. */
export function isOfMachine(name: string): boolean {
  return OF_A_MACHINE.test(name);
}

/** Whether FUNC_ENV_B64URL may hold a variable: not itself, none of the lifecycle's and none of the machine's. */
export function canBeEncoded(name: string): boolean {
  return name !== 'FUNC_ENV_B64URL' && !name.startsWith('CNB_') && !isOfMachine(name);
}
