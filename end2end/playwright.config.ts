// The browser, the three ways in which every journey is walked, and where the counts go.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import { defineConfig } from '@playwright/test';

// The browser of the distribution: Playwright need not download one.
function chromium(): string {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // look on
      }
    }
  }
  throw new Error('no Chromium found: run scripts/tools.sh test, or set CHROMIUM to its path');
}

// How pages look and feel does not depend on the database, nor does the width of the screen; what they do is walked on both.
// Only there can a test reach into the database, to let time pass.
const onPostgres = Boolean(process.env.USHER_E2E_POSTGRES_URL);

const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

// A skipped test fails the whole run, so a test that fits only one way says so by a tag:
// @desktop-only, @phone-only, @no-script-only, or @script-only (desktop and phone).
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  testIgnore: onPostgres ? ['**/{early,keyboard,looks,screenshots,states}.spec.ts'] : ['**/expired.spec.ts'],
  outputDir: 'results/artifacts',
  fullyParallel: false,
  forbidOnly: true,
  // A machine that builds something else meanwhile can make a page late. What passes only the second time is named at the end.
  retries: process.env.CI ? 1 : 0,
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: [['list'], ['json', { outputFile: process.env.USHER_E2E_REPORT ?? 'results/report.json' }]],
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    screenshot: 'only-on-failure',
    // A quarter of the time of a run; `npx playwright test --trace on` records what went wrong.
    trace: 'off',
    launchOptions: {
      executablePath: chromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'desktop', use: desktop, grepInvert: /@(phone|no-script)-only/ },
    ...(onPostgres ? [] : [{ name: 'phone', use: phone, grepInvert: /@(desktop|no-script)-only/ }]),
    { name: 'no-script', use: { ...desktop, javaScriptEnabled: false }, grepInvert: /@(desktop|phone|script)-only/ },
  ],
});
