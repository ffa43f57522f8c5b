/** What Node.js and package managers call an architecture that the specification and images call amd64, arm64. */
export function nodeArchitecture(arch: string): string {
  return arch === 'amd64' ? 'x64' : arch;
}

/** What the specification and images call an architecture that Node.js calls x64, arm64. */
export function imageArchitecture(arch: string): string {
  return arch === 'x64' ? 'amd64' : arch;
}
