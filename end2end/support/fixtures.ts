// `test` with a server and a mail sink of its own for each worker; pages open on that server.
import { test as base } from '@playwright/test';

import { startServer, type Server } from './server.ts';
import { startSmtpSink, type SmtpSink } from './smtp.ts';

export const test = base.extend<object, { mails: SmtpSink; server: Server }>({
  mails: [
    async ({}, use) => {
      const sink = await startSmtpSink();
      await use(sink);
      await sink.stop();
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ mails }, use) => {
      const server = await startServer({ USHER_SMTP_URL: mails.url });
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
});

export { expect } from '@playwright/test';
