import { setTimeout } from 'node:timers/promises';

export const ticks = async (req, res) => {
  res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  const { signal } = req.abortController;
  for (let tick = 1; tick <= Number(req.query.count ?? 3) && !signal.aborted; tick += 1) {
    res.write(`data: ${tick}\n\n`);
    await setTimeout(100);
  }
  res.end();
};
