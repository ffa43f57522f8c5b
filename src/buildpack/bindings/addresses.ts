const CREDENTIALS = /((?:git\+)?https?:\/\/)[^\s"'/@]+@/g;

/** An address, or a text with addresses, without users and passwords. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(CREDENTIALS, '$1');
}
