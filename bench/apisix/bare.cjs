// The floor: node:net as our runner uses it, with replies made before: `bare.cjs SOCKET KIND=FILE...`, where KIND is what is
// replied to. A call comes by itself, and in one piece.
const { readFileSync } = require('node:fs');
const { createServer, Socket } = require('node:net');
const [path, ...pairs] = process.argv.slice(2);
const replies = new Map(
  pairs.map((pair) => {
    const [kind, file] = pair.split('=');
    return [Number(kind), readFileSync(file)];
  }),
);
const buffer = Buffer.allocUnsafeSlow(64 * 1024);
createServer({ pauseOnConnect: true }, (accepted) => {
  const handle = accepted._handle;
  accepted._handle = null;
  const callback = () => {
    socket.write(replies.get(buffer[0]));
    return true;
  };
  const socket = new Socket({ handle, onread: { buffer, callback } });
}).listen(path);
