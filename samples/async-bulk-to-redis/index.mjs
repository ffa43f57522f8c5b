// Counts the views of pages: the sidecar hands over up to a hundred messages in one call,
// and the Redis binding adds one to the counter of each page.
export const count = async (ctx, { page }) => {
  const { componentName, operation } = ctx.outputs.counters;
  await ctx.dapr.invokeBinding(componentName, operation, undefined, { key: `views:${page}` });
};
