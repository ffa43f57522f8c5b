// Reads the temperatures that sensors publish over MQTT,
// and posts those that are too high to a web server.
export const watch = async (ctx, { sensor, celsius }) => {
  if (celsius > 30) await ctx.Send('alarms', { sensor, celsius, limit: 30 });
};
