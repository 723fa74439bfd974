// `test` with a server and a mail sink of its own for each worker; pages open on that server.
import { test as base } from '@playwright/test';

import { startServer, type Server } from './server.ts';
import { startSmtpSink, type SmtpSink } from './smtp.ts';

/** As a proxy would say it: an address that nobody else has. Hundreds of people come from one machine here, and the doors
 * let one address try thirty times a minute. */
export function anywhere(): Record<string, string> {
  const byte = () => Math.floor(Math.random() * 256);
  return { 'x-forwarded-for': `10.${byte()}.${byte()}.${byte()}` };
}

export const test = base.extend<object, { mails: SmtpSink; server: Server }>({
  // Every context is somebody else's device.
  browser: [
    async ({ browser }, use) => {
      const newContext = browser.newContext.bind(browser);
      browser.newContext = (options = {}) =>
        newContext({ ...options, extraHTTPHeaders: { ...anywhere(), ...options.extraHTTPHeaders } });
      await use(browser);
    },
    { scope: 'worker' },
  ],
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
      const server = await startServer({ USHER_SMTP_URL: mails.url, USHER_TRUSTED_PROXIES: '1' });
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
});

export { expect } from '@playwright/test';
