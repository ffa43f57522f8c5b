// The function that everybody runs for a message.
let total = 0;
exports.count = (ctx, data) => {
  total += data.items.length;
};
