const NAME = 'builds';
const PASSWORD = 's3cret';

/** A name and a password for an image registry, as skopeo takes them. */
export const LOGIN = `${NAME}:${PASSWORD}`;

/** What a registry knows of them: `htpasswd -nbB` prints such a line; four rounds take no time. */
export const HTPASSWD = `${NAME}:$2b$04$QL9vNR5bQpHCmxHjjTVyuuBCSiwc8rRsCgUJ7kvHQw5a/18DBpDdW\n`;

/** The text of Docker's config.json with them. */
export function dockerConfig(registry: string): string {
  return JSON.stringify({ auths: { [registry]: { auth: Buffer.from(LOGIN).toString('base64') } } });
}
