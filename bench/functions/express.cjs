// The functions, in the shape of Express: served by this framework and by Google's.
exports.hello = (req, res) => res.send('Hello, World!\n');
exports.echo = (req, res) => res.json(req.body);
exports.event = (event) => ({ id: event.id, size: event.data.items.length });
