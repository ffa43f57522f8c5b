export const hello = (req, res) => res.send('Open a WebSocket here.\n');

export const websocket = (socket, req) => {
  socket.send(`Welcome to ${req.url}`);
  socket.on('message', (message) => socket.send(`You said ${message}`));
};
