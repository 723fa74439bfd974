// Every page as everybody meets it: no axe violation in either theme and language, no sideways scroll, no complaint in the
// console, no content-policy violation, stored markup inert; every control works after hydration.
import type { Page } from '@playwright/test';

import { expectAccessible, expectAccessibleInBothThemes } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { link } from './support/mail.ts';
import { ANNA, fresh, invite, setUp, signIn } from './support/people.ts';
import type { Server } from './support/server.ts';

const INSIDE = [
  '/',
  '/users',
  '/users?q=nobodyhasthisname',
  '/users/invite',
  '/invitations',
  '/units',
  '/shifts',
  '/shifts?mine=on',
  '/audit',
  '/settings',
  '/settings/roles',
  '/settings/roles/new',
  '/settings/who?verb=block&person=nobody@acme.example',
  '/me',
];
const OUTSIDE = ['/sign-in', '/forgot', '/i/damaged', '/reset/damaged'];

/** Collects what the browser complains about. */
function complaints(page: Page): string[] {
  const heard: string[] = [];
  page.on('console', (message) => {
    // A page that says 404 or 410 on purpose is reported as a failed resource; nothing else may be.
    const isStatus = /Failed to load resource.*(403|404|410|422)/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !isStatus) heard.push(message.text());
  });
  page.on('pageerror', (error) => heard.push(String(error)));
  return heard;
}

async function expectNoSidewaysScroll(page: Page, where: string) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  // What stands out, so that nobody has to look for it.
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
      .map((element) => `${element.tagName}.${element.className} ${element.textContent?.slice(0, 30)}`),
  );
  expect(over, `sideways scroll of ${where}: ${wide.slice(0, 5).join(' | ')}`).toBeLessThanOrEqual(0);
}

/** The pages of somebody and of an open invitation, besides those that have fixed addresses. */
async function more(page: Page, server: Server, mails: { mailTo(address: string): Promise<{ raw: string }> }) {
  const email = fresh('axel');
  await invite(page, `Axel Adler <${email}>\nbroken@\nola@gmial.com`);
  const draft = page.url().replace(server.url, '');
  const href = (await page.getByRole('link', { name: email }).getAttribute('href')) ?? '';
  const door = link((await mails.mailTo(email)).raw, '/i/').replace(server.url, '');
  const dialogs = ['block', 'archive', 'delete', 'role', 'place', 'resend', 'withdraw', 'copy'].map((deed) => `${href}?do=${deed}`);
  return { inside: [draft, href, `${href}/edit`, ...dialogs], door };
}

test('every page: no violation in either theme, no sideways scroll, no complaint @script-only', async ({ page, context, server, mails }) => {
  test.setTimeout(300_000);
  await setUp(server);
  const heard = complaints(page);
  for (const path of OUTSIDE) {
    await page.goto(path, { waitUntil: 'networkidle' });
    await expectAccessibleInBothThemes(page, path);
  }
  await signIn(context, server, ANNA);
  const { inside, door } = await more(page, server, mails);
  for (const path of [...INSIDE, ...inside, '/nowhere']) {
    await page.goto(path, { waitUntil: 'networkidle' });
    await expectNoSidewaysScroll(page, path);
    await expectAccessibleInBothThemes(page, path);
  }
  await context.clearCookies();
  await page.goto(door, { waitUntil: 'networkidle' });
  await expectNoSidewaysScroll(page, 'register');
  await expectAccessibleInBothThemes(page, 'register');
  expect(heard).toEqual([]);
});

// Rule 71.
test('in Russian nothing is cut off or left in English @script-only', async ({ browser, server, mails }) => {
  test.setTimeout(240_000);
  await setUp(server);
  const context = await browser.newContext({ baseURL: server.url, locale: 'ru-RU', viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: 'Войти' })).toBeVisible();
  await expectAccessible(page, 'sign-in in Russian');
  const admin = await browser.newContext({ baseURL: server.url });
  await signIn(admin, server, ANNA);
  const adminPage = await admin.newPage();
  const email = fresh('masha');
  await invite(adminPage, email, 'Company administrator');
  const door = link((await mails.mailTo(email)).raw, '/i/');
  await page.goto(door);
  await page.getByRole('button', { name: 'Русский' }).click();
  await expect(page.getByRole('button', { name: 'Создать учётную запись' })).toBeVisible();
  await page.getByLabel('Имя и фамилия').fill('Мария Вебер');
  await page.locator('input[name=password]').fill('медный фонарь река');
  await page.getByRole('button', { name: 'Создать учётную запись' }).click();
  await expect(page).toHaveURL(/\/$/);
  for (const path of ['/users', '/users/invite', '/invitations', '/units', '/shifts', '/audit', '/me']) {
    await page.goto(path);
    await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
    await expectAccessible(page, `${path} in Russian`);
    await expectNoSidewaysScroll(page, `${path} in Russian`);
  }
  await admin.close();
  await context.close();
});

test('nothing scrolls sideways at 320 pixels @desktop-only', async ({ page, context, server, mails }) => {
  test.setTimeout(240_000);
  await setUp(server);
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(context, server, ANNA);
  await invite(page, fresh('somebody-with-a-very-long-name-in-an-address'));
  const { inside, door } = await more(page, server, mails);
  for (const path of [...INSIDE, ...inside]) {
    await page.goto(path);
    await expectNoSidewaysScroll(page, path);
  }
  await context.clearCookies();
  for (const path of [...OUTSIDE, door]) {
    await page.goto(path);
    await expectNoSidewaysScroll(page, path);
  }
});

test('stored markup stays text @script-only', async ({ page, context, server, mails }) => {
  await setUp(server);
  const heard = complaints(page);
  let alerts = 0;
  page.on('dialog', (dialog) => {
    alerts += 1;
    void dialog.dismiss();
  });
  await signIn(context, server, ANNA);
  const email = fresh('xenia');
  await invite(page, email);
  const card = (await page.getByRole('link', { name: email }).getAttribute('href')) ?? '';
  const payload = `<img src=x onerror=alert(1)><script>alert(2)</script>"'>`;
  await page.goto(`${card}/edit`);
  await page.getByLabel('Full name').fill(payload);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page).not.toHaveURL(/\/edit$/);
  await page.goto(`${card}?do=block`);
  await page.getByLabel('Reason').fill(`</textarea>${payload}`);
  await page.getByRole('alertdialog').getByRole('button', { name: /Block/ }).click();
  for (const path of [card, `/users?q=${encodeURIComponent(email)}`, '/users?sort=-added', '/audit', '/invitations']) {
    await page.goto(path, { waitUntil: 'networkidle' });
    await expect(page.getByText('<img src=x', { exact: false }).first()).toBeVisible();
  }
  await mails.mailTo(email);
  expect(alerts).toBe(0);
  expect(heard).toEqual([]);
});

test('what is typed before the script arrives survives it @script-only', async ({ page, context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/pkg/*/usher.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/users/invite', { waitUntil: 'domcontentloaded' });
  const addresses = page.getByRole('textbox', { name: 'Addresses' });
  await addresses.fill('early@school.example');
  const arrived = page.waitForResponse('**/pkg/*/usher.wasm');
  release();
  await arrived;
  await page.waitForLoadState('networkidle');
  await expect(addresses).toHaveValue(/early@school\.example/);
  await page.goto('/users', { waitUntil: 'domcontentloaded' });
});

test('the whole main job by keyboard @desktop-only', async ({ page, context, server, mails }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  await page.goto('/users', { waitUntil: 'networkidle' });
  const press = async (name: RegExp | string, role: 'link' | 'button' | 'textbox' | 'radio', within = page.locator('body')) => {
    const wanted = within.getByRole(role, { name }).first();
    for (let step = 0; step < 80; step += 1) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return wanted;
      await page.keyboard.press('Tab');
    }
    throw new Error(`the Tab key never came to ${String(name)}`);
  };
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await press('Invite people', 'link');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/users\/invite/);
  await press('Addresses', 'textbox');
  const email = fresh('kay');
  await page.keyboard.type(email);
  await press(/^Send/, 'button');
  await page.keyboard.press('Enter');
  // Behind the form the list has the person, too.
  const form = page.locator('dialog');
  await expect(form.getByRole('link', { name: email })).toBeVisible();
  await mails.mailTo(email);
  await press(email, 'link', form);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/users\/[0-9a-f]{8}-/);
  const card = page.url().split('?')[0] ?? '';
  await page.goto(`${card}?do=block`, { waitUntil: 'networkidle' });
  await expect(page.getByRole('link', { name: 'Cancel' })).toBeFocused();
  await press(/^Block/, 'button');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Blocked').first()).toBeVisible();
});
