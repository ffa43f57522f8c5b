/** How a phase ends: https://github.com/buildpacks/spec/blob/main/buildpack.md#detection and #build */
export const EXIT_CODE = {
  /** bin/detect passed, bin/build succeeded. */
  success: 0,
  /** The phase could not do its work. */
  error: 1,
  /** bin/detect: this buildpack is not for this app. */
  detectFailed: 100,
} as const;
