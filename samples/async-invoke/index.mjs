// Asks another application, samples/routes as "shop", what the items of a request cost,
// and publishes the offer as an event of its own type that lives for a minute. While there is no shop, it is tried again.
export const offer = async (ctx, { customer, items }) => {
  const { price } = await ctx.invoke('shop', 'price', { items });
  const { componentName, uri } = ctx.outputs.offers;
  const metadata = { 'cloudevent.type': 'com.example.offer', ttlInSeconds: '60' };
  await ctx.publish(componentName, uri, { customer, price }, metadata);
};
