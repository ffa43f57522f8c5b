export const greet = async (ctx, data) => {
  if (typeof data.name !== 'string') return { code: 422, body: { error: 'name is missing' } };
  return { greeting: `Hello, ${data.name}!`, function: ctx.name };
};
