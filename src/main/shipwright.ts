import { buffer } from 'node:stream/consumers';
import { buildForShipwright } from '../shipwright/build.ts';

const stopping = new AbortController();
process.on('SIGTERM', () => stopping.abort()).on('SIGINT', () => stopping.abort());

process.exitCode = await buildForShipwright({
  args: process.argv.slice(2),
  environ: await buffer(process.stdin),
  stdout: process.stdout,
  stderr: process.stderr,
  stopped: stopping.signal,
});
