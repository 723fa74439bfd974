// The columns of the users table: each sorts, each but the name can be left out, rows are of one height, and nothing scrolls
// sideways, however wide the page is and in which language. Without script all of it works by links and a plain form.
import type { Page } from '@playwright/test';

import { expect, test } from './support/fixtures.ts';
import { ANNA, fresh, invite, keepAnArchive, member, post, setUp, signIn } from './support/people.ts';

const HEADS = ['Name', 'Role', 'Status', 'Added', 'Last seen'];
const WIDTHS = [320, 640, 690, 780, 900, 960, 1280];

test.beforeEach(async ({ context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
});

test('every head sorts, says so, and stands in the address @desktop-only', async ({ page }) => {
  await invite(page, `Zoe Zander <${fresh('zoe')}>\n${fresh('nameless')}`);
  await page.goto('/users');
  for (const name of HEADS) {
    const head = page.getByRole('columnheader', { name });
    const initial = await head.getAttribute('aria-sort');
    const first = initial === null;
    await head.getByRole('link').click();
    if (initial) await expect(head).not.toHaveAttribute('aria-sort', initial);
    await expect(head).toHaveAttribute('aria-sort', /ascending|descending/);
    const before = await head.getAttribute('aria-sort');
    await expect(page).toHaveURL(/sort=/);
    await head.getByRole('link').click();
    await expect(head).not.toHaveAttribute('aria-sort', before ?? '');
    await expect(page.locator('[aria-sort]')).toHaveCount(1);
    expect(first || name === 'Name').toBe(true);
  }
  await page.goto('/users?sort=-role');
  await expect(page.getByRole('columnheader', { name: 'Role' })).toHaveAttribute('aria-sort', 'descending');
});

test('columns and the height of rows are chosen at the table and stay @desktop-only', async ({ page, browser, context, server }) => {
  await page.goto('/users?sort=-added', { waitUntil: 'networkidle' });
  await page.getByRole('button', { name: 'Columns' }).click();
  const form = page.locator('#table-layout');
  await expect(form.getByRole('checkbox', { name: 'Added' })).toBeChecked();
  await form.getByRole('checkbox', { name: 'Added' }).uncheck();
  await form.getByRole('radio', { name: 'Compact' }).check();
  await form.getByRole('button', { name: 'Show like this' }).click();
  await expect(page.getByRole('columnheader', { name: 'Added' })).toHaveCount(0);
  await expect(page.locator('table.people.compact')).toBeVisible();
  await expect(page).toHaveURL(/sort=-added/);
  // On another device as well.
  const other = await browser.newContext({ baseURL: server.url });
  await signIn(other, server, ANNA);
  const there = await other.newPage();
  await there.goto('/users');
  await expect(there.getByRole('columnheader', { name: 'Role' })).toBeVisible();
  await expect(there.getByRole('columnheader', { name: 'Added' })).toHaveCount(0);
  await other.close();
  const cookie = (await context.cookies()).map((each) => `${each.name}=${each.value}`).join('; ');
  const all = new URLSearchParams(['address', 'role', 'status', 'added', 'last_seen'].map((code) => ['columns[]', code]));
  all.append('density', 'comfortable');
  const again = await fetch(`${server.url}/api/choose-table-layout`, {
    method: 'POST',
    body: all,
    headers: { origin: server.url, accept: 'application/json', cookie },
  });
  expect(again.status).toBe(200);
});

test('rows are of one height and nothing scrolls sideways at any width, in both languages @script-only @desktop-only', async ({
  page,
  context,
  server,
}) => {
  test.setTimeout(90_000);
  const long = fresh('bartholomew.featherstonehaugh-von-und-zu-hohenlohe');
  await invite(page, `Bartholomew Featherstonehaugh von und zu Hohenlohe-Langenburg <${long}>\n${fresh('nameless.person.with.a.long.address')}`);
  const cookie = (await context.cookies()).map((each) => `${each.name}=${each.value}`).join('; ');
  for (const language of ['en', 'ru']) {
    const profile = await (await fetch(`${server.url}/me`, { headers: { cookie } })).text();
    const version = /name="version"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="version"/.exec(profile);
    const fields = { name: ANNA.name, phone: '', language, version: version?.[1] ?? version?.[2] ?? '' };
    await post(server, '/api/change-profile', fields, cookie);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto('/users', { waitUntil: 'networkidle' });
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(over, `${language} at ${width}`).toBeLessThanOrEqual(0);
      if (width < 640) {
        // There is room for all of it below each other.
        const cut = await page.locator('.people tbody .r').evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length);
        expect(cut, `roles cut at ${width}`).toBe(0);
        continue;
      }
      const heights = await page.evaluate(() =>
        [...new Set([...document.querySelectorAll('.people tbody tr')].map((row) => Math.round(row.getBoundingClientRect().height)))],
      );
      expect(heights, `${language} at ${width}`).toHaveLength(1);
    }
  }
  const profile = await (await fetch(`${server.url}/me`, { headers: { cookie } })).text();
  const version = /name="version"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="version"/.exec(profile);
  await post(server, '/api/change-profile', { name: ANNA.name, phone: '', language: 'en', version: version?.[1] ?? version?.[2] ?? '' }, cookie);
});

test('one click copies the link of an invitation and says so; where it may not, a box shows it @script-only @desktop-only', async ({
  page,
  context,
  server,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  const email = fresh('nora');
  await invite(page, `Nora Nord <${email}>`);
  await page.goto(`/users?q=${encodeURIComponent(email)}`, { waitUntil: 'networkidle' });
  const copy = async () => {
    await page.getByRole('button', { name: 'More actions for Nora Nord' }).click();
    await page.getByRole('menuitem', { name: 'Copy link' }).click();
  };
  await copy();
  await expect(page.getByText(/^Link copied\./)).toBeVisible();
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('/i/');
  // So do the card and the list of invitations, which show the link as well.
  for (const [address, button] of [
    [page.url().replace(/\?.*/, ''), 'Copy link'],
    [`${server.url}/invitations?q=${encodeURIComponent(email)}`, /^Copy link Nora Nord/],
  ] as const) {
    await page.goto(address, { waitUntil: 'networkidle' });
    const card = page.getByRole('link', { name: 'Nora Nord' });
    if (address.endsWith('/users')) await card.first().click();
    await page.evaluate(() => navigator.clipboard.writeText('nothing'));
    await page.getByRole('button', { name: button }).first().click();
    await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
    expect(await page.getByRole('textbox', { name: /link/i }).first().inputValue()).toContain('/i/');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('/i/');
  }
  await page.goto(`/users?q=${encodeURIComponent(email)}`, { waitUntil: 'networkidle' });
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));
  });
  await copy();
  await expect(page.getByRole('alertdialog').getByRole('textbox')).toHaveValue(/\/i\//);
});

test('a bounced invitation says why, and its address is put right where it stands @script-only @desktop-only', async ({ page, mails }) => {
  const wrong = `bounce.${fresh('ulf')}`;
  mails.answer = (stage, { line }) => (stage === 'RCPT' && line.includes('bounce.') ? '550 5.1.1 No such user here' : undefined);
  await invite(page, `Ulf Uller <${wrong}>`);
  const row = page.getByRole('row', { name: /Ulf Uller/ });
  await expect(async () => {
    await page.goto(`/users?q=${encodeURIComponent(wrong)}`, { waitUntil: 'networkidle' });
    await expect(row.getByText('No such mailbox')).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 15_000 });
  await row.getByRole('link', { name: 'Fix address: Ulf Uller' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Fix the address of Ulf Uller?' });
  const right = fresh('ulf');
  await dialog.getByLabel('Right address').fill(right);
  await dialog.getByRole('button', { name: 'Send to this address' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText(/^Sent to the new address\./)).toBeVisible();
  await expect(page).toHaveURL(/\/users\?q=/);
  expect((await mails.mailTo(right)).raw).toContain('/i/');
});

test('somebody who has left is found from All and brought back where they stand @script-only @desktop-only', async ({
  page,
  browser,
  context,
  server,
  mails,
}) => {
  await keepAnArchive(page);
  const email = fresh('otto');
  const own = await member(browser, server, mails, { name: 'Otto Olsen', email, role: 'Employee' });
  await own.close();
  const list = `/users?q=${encodeURIComponent(email)}`;
  const cookie = (await context.cookies()).map((each) => `${each.name}=${each.value}`).join('; ');
  await page.goto(list, { waitUntil: 'networkidle' });
  const row = page.getByRole('row', { name: /Otto Olsen/ });
  const href = (await row.getByRole('link').first().getAttribute('href')) ?? '';
  await post(server, '/api/archive', { id: href.split('/').pop() ?? '' }, cookie);
  await page.goto(list, { waitUntil: 'networkidle' });
  await expect(page.getByRole('heading', { name: '1 archived match' })).toBeVisible();
  await page.getByRole('link', { name: 'Show', exact: true }).click();
  await row.getByRole('button', { name: 'More actions for Otto Olsen' }).click();
  await page.getByRole('menuitem', { name: 'Bring back' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Bring Otto Olsen back' }).click();
  await expect(row).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await expect(page).toHaveURL(/status=archived/);
});

/** How long the page took to show what each key or click did (Event Timing), the longest one. */
async function slowest(page: Page, doing: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const seen: number[] = [];
    new PerformanceObserver((list) => seen.push(...list.getEntries().map((entry) => entry.duration))).observe({
      type: 'event',
      durationThreshold: 16,
    } as PerformanceObserverInit);
    (window as unknown as { seen: number[] }).seen = seen;
  });
  await doing();
  await page.waitForTimeout(400);
  return page.evaluate(() => Math.max(0, ...(window as unknown as { seen: number[] }).seen));
}

/** The least of three measurements, or the first that keeps to `most`: whatever else the machine does can only add to one. */
async function least(most: number, measure: () => Promise<number>): Promise<number> {
  let found = Infinity;
  for (let times = 0; times < 3 && found > most; times += 1) found = Math.min(found, await measure());
  return found;
}

test('typing, sorting and opening a dialog answer at once, also on a slow machine @script-only @desktop-only', async ({
  page,
  context,
  server,
}) => {
  test.setTimeout(120_000);
  const cookie = (await context.cookies()).map((each) => `${each.name}=${each.value}`).join('; ');
  await page.goto('/users/invite');
  const role = await page.getByRole('radio', { name: 'Employee' }).getAttribute('value');
  for (const part of [0, 1]) {
    const addresses = Array.from({ length: 150 }, (_, n) => `Petra Person${part}x${n} <${fresh(`petra${part}x${n}`)}>`).join('\n');
    await post(server, '/api/invite', { addresses, role: role ?? '', language: 'en', valid_for: '72h' }, cookie);
  }
  await page.goto('/users', { waitUntil: 'networkidle' });
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const search = page.getByRole('searchbox').or(page.getByRole('textbox', { name: 'Search' })).first();
  const typing = await least(600, async () => {
    await search.fill('');
    await expect(page).not.toHaveURL(/q=/);
    return slowest(page, async () => {
      await search.pressSequentially('petra', { delay: 120 });
      await expect(page).toHaveURL(/q=petra/);
    });
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const sorting = await least(300, async () => {
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('link').click();
    await expect(page).not.toHaveURL(/sort=-?status/);
    return slowest(page, async () => {
      await page.getByRole('columnheader', { name: 'Status' }).getByRole('link').click();
      await expect(page).toHaveURL(/sort=-?status/);
    });
  });
  const asking = await least(300, async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('alertdialog')).toHaveCount(0);
    return slowest(page, async () => {
      await page.getByRole('button', { name: /^More actions for/ }).first().click();
      await page.getByRole('menuitem', { name: 'Withdraw' }).click();
      await expect(page.getByRole('alertdialog')).toBeVisible();
    });
  });
  console.log(`slowest: typing at a 4 times slower CPU ${typing} ms, sorting ${sorting} ms, a dialog ${asking} ms`);
  // Loose, for machines that do other work meanwhile; what is aimed at is 200 and 50.
  expect(typing).toBeLessThanOrEqual(600);
  expect(sorting).toBeLessThanOrEqual(300);
  expect(asking).toBeLessThanOrEqual(300);
});
