/** Where somebody can find something, and what it has to be: https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md */
export interface Resource {
  readonly uri?: string;
  readonly name?: string;
  /** Algorithm to digest in hex: https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md */
  readonly digest?: Readonly<Record<string, string>>;
  readonly downloadLocation?: string;
}

/** An image by its name and the digest of its manifest, `sha256:<hex>`. */
export interface NamedImage {
  readonly name: string;
  readonly digest: string;
}

/** What a build knows of how an image came to be. */
export interface Provenance {
  readonly image: NamedImage;
  readonly builder: NamedImage;
  readonly runImage: NamedImage;
  /** What the image is for, such as `linux/amd64`. */
  readonly platform: string;
  /** Names of the build's variables; their values may be secrets. */
  readonly variables: readonly string[];
  /** The version of ofn. */
  readonly version: string;
  /** The source, the first of it the folder itself. */
  readonly source: readonly Resource[];
  /** Packages that the image has or the build used. */
  readonly packages: readonly Resource[];
}

const HOME = 'https://github.com/openfunction/builder-node';

/**
 * The statement of in-toto that carries it, with SLSA's predicate: https://slsa.dev/spec/v1.0/provenance. It has no times
 * and no number of the build, so equal builds have equal statements.
 */
export function statementOf(facts: Provenance): object {
  const { image, builder, runImage, platform, variables, version, source, packages } = facts;
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: image.name, digest: digestOf(image) }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: `${HOME}/blob/main/docs/supply-chain.md#provenance`,
        externalParameters: { builder: builder.name, image: image.name, platform, variables },
        internalParameters: {},
        resolvedDependencies: [...source, imageResource(runImage), ...packages],
      },
      runDetails: {
        builder: { id: `${HOME}#ofn-build`, version: { ofn: version }, builderDependencies: [imageResource(builder)] },
      },
    },
  };
}

function imageResource(image: NamedImage): Resource {
  return { name: image.name, uri: `docker://${image.name}`, digest: digestOf(image) };
}

function digestOf({ digest }: NamedImage): Record<string, string> {
  return { sha256: digest.replace(/^sha256:/, '') };
}
