export const bill = async (ctx, order) => {
  if (ctx.inputName === 'every-night') {
    await ctx.send(await ctx.state.get({ key: 'total' }), 'mail');
    return;
  }
  if (typeof order.price !== 'number') return ctx.fail(new Error(`${order.id} has no price`), { retry: false });
  const [payment] = await ctx.send(order, 'bank');
  if (payment.status === 'rejected') throw payment.reason;
  const total = (await ctx.state.get({ key: 'total' })) || 0;
  await ctx.state.save({ items: [{ key: 'total', value: total + order.price }] });
  await ctx.publish('events', 'billed', { id: order.id });
};
