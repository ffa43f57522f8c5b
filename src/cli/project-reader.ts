/** What the buildpack says of a function's folder before it is built, with these variables of the build. */
export interface ProjectReader {
  /** The plan that a build would make, as JSON. */
  readonly plan: (folder: string, variables: Readonly<Record<string, string>>) => Promise<string>;
  /** The execution environment that the image is for. */
  readonly execEnv: (folder: string, variables: Readonly<Record<string, string>>) => Promise<string>;
}
