// An SMS gateway of ours: an HTTP server that takes every message, and keeps what it was asked.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TextMessage {
  to: string;
  text: string;
  id: string;
}

export interface SmsSink {
  /** What a server needs to send through it. */
  settings: Record<string, string>;
  messages: TextMessage[];
  /** The newest message to a number, once it has come. */
  textTo(number: string): Promise<TextMessage>;
  stop(): Promise<void>;
}

export async function startSmsSink(): Promise<SmsSink> {
  const messages: TextMessage[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      messages.push(JSON.parse(body) as TextMessage);
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: `G${messages.length}` }));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    settings: { USHER_SMS_URL: `http://127.0.0.1:${port}/send`, USHER_SMS_ALLOW_PRIVATE: '1' },
    messages,
    async textTo(number) {
      for (let tries = 0; tries < 150; tries += 1) {
        const found = messages.findLast((message) => message.to === number);
        if (found) return found;
        await new Promise((later) => setTimeout(later, 100));
      }
      throw new Error(`no SMS came to ${number}`);
    },
    stop: () => new Promise((done) => server.close(() => done())),
  };
}

/** The link of a message. */
export function linkOf(message: TextMessage): string {
  const found = /https?:\/\/\S+\/s\/\S+/.exec(message.text);
  if (!found) throw new Error(`no link in ${message.text}`);
  return found[0];
}
