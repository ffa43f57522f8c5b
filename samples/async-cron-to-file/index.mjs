// Runs every second, as the cron binding says, and writes how much memory is used
// to a file, by the localstorage binding.
export const report = async (ctx) => {
  const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
  await ctx.Send('file', { at: new Date().toISOString(), trigger: ctx.inputName, megabytes });
};
