// Asks another application, samples/routes as "shop", what the items of a request cost,
// and publishes the offer as a CloudEvent of its own type that lives for a minute.
export const offer = async (ctx, { customer, items }) => {
  const { price } = await ctx.invoke('shop', 'price', { items });
  const { componentName, uri } = ctx.outputs.offers;
  const metadata = { 'cloudevent.type': 'com.example.offer', ttlInSeconds: '60' };
  await ctx.publish(componentName, uri, { customer, price }, metadata);
};
