import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Downloads the address in OFN_DOWNLOAD, credentials in it and all, into the file that is its argument. */
async function download(address: string, file: string): Promise<void> {
  const url = new URL(address);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers = username === '' ? {} : { authorization: `Basic ${Buffer.from(plain).toString('base64')}` };
  const response = await fetch(url, { headers });
  if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status} ${response.statusText}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
}

/** A failed fetch says only "fetch failed"; why is in its causes. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.cause !== undefined) return reasonOf(thrown.cause);
  return thrown.message || ('code' in thrown ? String(thrown.code) : thrown.name);
}

try {
  await download(process.env['OFN_DOWNLOAD'] ?? '', process.argv[2] ?? '');
} catch (error) {
  process.stderr.write(reasonOf(error));
  process.exitCode = 1;
}
