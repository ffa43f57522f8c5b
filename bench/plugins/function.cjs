exports.echo = (ctx, data) => ({ count: data.items.length });
