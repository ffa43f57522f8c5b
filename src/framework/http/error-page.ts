import type { IncomingMessage, ServerResponse } from 'node:http';
import { http } from '../builtin.ts';
import { pathOf } from './query.ts';

/**
 * Answers with a status and the page Express has for it in production: never a stack, nothing of the failure itself.
 * Headers that described another body are dropped.
 */
export function sendErrorPage(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  text?: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  for (const name of ['Content-Encoding', 'Content-Language', 'Content-Range']) res.removeHeader(name);
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  const body = page(text ?? http.STATUS_CODES[status] ?? String(status));
  res.setHeader('Content-Security-Policy', "default-src 'none'");
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(req.method === 'HEAD' ? undefined : body);
}

/** Answers that there is nothing at a path, as Express does. */
export function notFound(req: IncomingMessage, res: ServerResponse): void {
  sendErrorPage(req, res, 404, `Cannot ${req.method} ${pathOf(req.url ?? '/')}`);
}

/** Escapes text for HTML. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char);
}

function page(message: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Error</title>
</head>
<body>
<pre>${escapeHtml(message)}</pre>
</body>
</html>
`;
}
