/** Settings of package managers, which may hold a token: names of files that projects and users have. */
export const REGISTRY_FILES: ReadonlySet<string> = new Set(['.npmrc', '.yarnrc', '.yarnrc.yml', 'bunfig.toml']);
