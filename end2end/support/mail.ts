// Reads a raw mail: its headers, its text and HTML parts decoded, and the link in it.

export interface ReadMail {
  headers: Map<string, string>;
  text: string;
  html: string;
}

export function read(raw: string): ReadMail {
  const { headers, body } = split(raw);
  const type = headers.get('content-type') ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (!boundary) {
    const content = decode(body, headers.get('content-transfer-encoding'), type);
    return /^text\/html/i.test(type) ? { headers, text: '', html: content } : { headers, text: content, html: '' };
  }
  const parts = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1).map((part) => read(part.replace(/^[^\n]*\n/, '')));
  return {
    headers,
    text: parts.map((part) => part.text).join(''),
    html: parts.map((part) => part.html).join(''),
  };
}

/** The first link of the plain text that leads to `path` (a mail's own link, not the footer's). */
export function link(raw: string, path = '/'): string {
  const { text } = read(raw);
  const links = text.match(/https?:\/\/[^\s<>"]+/g) ?? [];
  const found = links.find((each) => new URL(each).pathname.startsWith(path));
  if (!found) throw new Error(`no link to ${path} in this mail:\n${text}`);
  return found;
}

/** The subject in plain words, whatever its encoding. */
export function subject(raw: string): string {
  const value = split(raw).headers.get('subject') ?? '';
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/(?:=\?[^?]+\?[bq]\?[^?]*\?=)+/gi, (words) => {
      const bytes = [...words.matchAll(/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi)].map(([, , how, code = '']) =>
        how?.toLowerCase() === 'b' ? Buffer.from(code, 'base64') : quotedPrintable(code.replaceAll('_', ' ')),
      );
      return Buffer.concat(bytes).toString('utf8');
    });
}

function split(raw: string): { headers: Map<string, string>; body: string } {
  const end = raw.search(/\r?\n\r?\n/);
  const head = end < 0 ? raw : raw.slice(0, end);
  const body = end < 0 ? '' : raw.slice(end).replace(/^\r?\n\r?\n/, '');
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, body };
}

function decode(body: string, encoding = '7bit', type: string): string {
  const charset = /charset="?([^";\s]+)"?/i.exec(type)?.[1] ?? 'utf-8';
  const how = encoding.toLowerCase();
  const bytes =
    how === 'base64' ? Buffer.from(body, 'base64')
    : how === 'quoted-printable' ? quotedPrintable(body)
    : Buffer.from(body, 'latin1');
  return new TextDecoder(charset).decode(bytes);
}

function quotedPrintable(text: string): Buffer {
  const joined = text.replace(/=\r?\n/g, '');
  const bytes = joined.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}
