export const greet = async (ctx, { name }) => {
  console.log(`Greeting ${name}.`);
  return { greeting: `Hello, ${name}!`, trace: ctx.locals.traceId };
};
