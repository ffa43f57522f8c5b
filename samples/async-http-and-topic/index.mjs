// Switches lamps over MQTT, asked by an HTTP request or by a message of the topic "lamps":
// both come in on the same port.
import { openfunction } from '@openfunction/functions-framework';

openfunction('lamp', async (ctx, { room, on }) => {
  await ctx.Send('switch', { room, on });
  return { room, on, askedBy: ctx.inputName ?? ctx.req.method };
});
