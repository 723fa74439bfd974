// A small mail server that keeps what it is given and answers as the test wishes: refuse, hang, or drop the line.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

import { until } from './server.ts';

/** Where a conversation stands; BODY is the first byte of a mail's content, END its last. */
export type Stage = 'CONNECT' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'BODY' | 'END' | 'RSET' | 'NOOP' | 'QUIT';

export interface Context {
  /** The line as it came; empty at CONNECT, BODY and END. */
  line: string;
  from: string;
  to: string[];
  /** How many mails this sink has taken so far. */
  taken: number;
}

/** A whole reply such as `450 later`, or silence, or a closed connection; `undefined` is the ordinary reply. */
export type Answer = string | 'hang' | 'drop' | undefined;

export interface Mail {
  from: string;
  to: string[];
  raw: string;
}

export interface SmtpSink {
  url: string;
  mails: Mail[];
  /** Set it to change the answers; `undefined` for a server that takes everything. */
  answer: ((stage: Stage, context: Context) => Answer) | undefined;
  /** Waits for the `number`-th mail (the first, unless told) to this address. */
  mailTo(address: string, number?: number): Promise<Mail>;
  stop(): Promise<void>;
}

const ORDINARY: Record<Stage, string | undefined> = {
  CONNECT: '220 sink.example ESMTP',
  EHLO: '250-sink.example\r\n250 8BITMIME',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  BODY: undefined,
  END: '250 taken',
  RSET: '250 ok',
  NOOP: '250 ok',
  QUIT: '221 bye',
};

export async function startSmtpSink(): Promise<SmtpSink> {
  const mails: Mail[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    converse(socket, sink);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const sink: SmtpSink = {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    answer: undefined,
    mailTo: (address, number = 1) => {
      const wanted = address.toLowerCase();
      const found = () => mails.filter((mail) => mail.to.some((to) => to.toLowerCase() === wanted));
      const seen = () => `mails so far went to: ${mails.flatMap((mail) => mail.to).join(', ') || 'nobody'}`;
      return until(`mail ${number} to ${address}`, () => found()[number - 1], seen);
    },
    stop: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return sink;
}

function converse(socket: Socket, sink: SmtpSink) {
  let pending = '';
  let from = '';
  let to: string[] = [];
  let inContent = false;
  let contentBegan = false;
  let hanging = false;

  /** Answers, and says whether the ordinary course may go on. */
  function reply(stage: Stage, line = ''): boolean {
    const answer = sink.answer?.(stage, { line, from, to: [...to], taken: sink.mails.length });
    if (answer === 'drop') socket.destroy();
    else if (answer === 'hang') hanging = true;
    else {
      const words = answer ?? ORDINARY[stage];
      if (words) socket.write(`${words}\r\n`);
    }
    return answer === undefined || /^[23]/.test(answer);
  }

  function command(line: string) {
    const verb = line.slice(0, 4).toUpperCase();
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (verb === 'EHLO' || verb === 'HELO') reply('EHLO', line);
    else if (verb === 'MAIL') {
      to = [];
      from = address;
      reply('MAIL', line);
    } else if (verb === 'RCPT') {
      to.push(address);
      if (!reply('RCPT', line)) to.pop();
    } else if (verb === 'DATA') {
      inContent = reply('DATA', line);
      contentBegan = false;
    } else if (verb === 'RSET') {
      to = [];
      reply('RSET', line);
    } else if (verb === 'QUIT') {
      if (reply('QUIT', line)) socket.end();
    } else if (verb === 'NOOP') reply('NOOP', line);
    else socket.write('500 unknown command\r\n');
  }

  /** Takes the content once its end is there; says whether it was. */
  function content(): boolean {
    if (!contentBegan && pending !== '') {
      contentBegan = true;
      if (!reply('BODY')) return false;
    }
    // A leading CRLF makes an empty mail end like every other one.
    const end = `\r\n${pending}`.indexOf('\r\n.\r\n');
    if (end < 0) return false;
    const raw = pending.slice(0, end).replace(/^\.\./gm, '.');
    pending = pending.slice(end + 3);
    inContent = false;
    if (reply('END')) sink.mails.push({ from, to, raw });
    return true;
  }

  reply('CONNECT');
  socket.setEncoding('latin1'); // one character per byte, decoded by whoever reads the mail
  socket.on('data', (chunk) => {
    pending += chunk;
    while (!hanging && !socket.destroyed) {
      if (inContent) {
        if (!content()) return;
        continue;
      }
      const end = pending.indexOf('\r\n');
      if (end < 0) return;
      const line = pending.slice(0, end);
      pending = pending.slice(end + 2);
      command(line);
    }
  });
}
