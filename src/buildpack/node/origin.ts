/** Where releases of Node.js come from. */
export interface NodeOrigin {
  /** Its name, for people. */
  readonly name: string;
  /** The versions it has for the architecture, in any order. */
  versions(): Promise<readonly string[]>;
  /** Puts the tarball of a version into a folder, its bytes compared with what is promised of them. */
  download(version: string, folder: string): Promise<NodeTarball>;
}

/** A tarball with `bin/node`, `include` and LICENSE below one folder. */
export interface NodeTarball {
  readonly path: string;
  /** What its bytes were compared with: an algorithm, a dash, and the digest in base64. */
  readonly integrity: string;
}
