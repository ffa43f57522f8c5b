# Finds the Node.js that runs a phase: the buildpack's own, where it was packaged with one, else the build image's.
buildpack=$(cd "${0%/*}/.." && pwd)
PATH="$buildpack/node/bin:$PATH"
export PATH
command -v node >/dev/null || {
  printf '%s\n\n%s\n' \
    "ERROR [OFN-BUILDPACK] Couldn't start the buildpack: there is no Node.js in the build image." \
    'Use the builder openfunction/builder-node, or a build image with Node.js 22.18 or later and npm.' >&2
  exit 1
}
