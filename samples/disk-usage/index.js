// fs-ext is a native module: the build compiles it, the image runs it without a compiler.
import fsExt from 'fs-ext';
import prettyBytes from 'pretty-bytes';

export const usage = (req, res) => {
  const { f_bavail: free, f_blocks: blocks, f_bsize: size } = fsExt.statVFS('/');
  res.setHeader('content-type', 'application/json');
  res.end(JSON.stringify({ free: prettyBytes(free * size), total: prettyBytes(blocks * size) }));
};
