// What stands around every page: language and theme in place, the first page, the end of a session, and what is asked of a new
// password on the pages before sign-in.
import type { Page } from '@playwright/test';

import { expectAccessibleInBothThemes } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { ANNA, fresh, member, setUp, signIn } from './support/people.ts';
import { startServer } from './support/server.ts';

/** Marks the document: a page that was loaded anew has lost the mark. */
const mark = (page: Page) => page.evaluate(() => { (window as unknown as { marked: boolean }).marked = true; });
const isMarked = (page: Page) => page.evaluate(() => (window as unknown as { marked?: boolean }).marked === true);

const account = (page: Page) => page.getByRole('button', { name: /Account of|Учётная запись/ });

async function choose(page: Page, what: string) {
  await account(page).click();
  await page.getByRole('menuitemradio', { name: what }).click();
}

// Rule 36.
test('the language changes in place, and what was typed and where one was stay @script-only', async ({ page, context, server, browser, mails }) => {
  test.setTimeout(60_000);
  await setUp(server);
  const theirs = await member(browser, server, mails, { name: 'Mila Words', email: fresh('mila'), role: 'Company administrator' });
  page = await theirs.newPage();
  await page.goto('/me', { waitUntil: 'networkidle' });
  await mark(page);
  await page.getByLabel('Full name').fill('Mila Halfway');
  await choose(page, 'Русский');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
  await expect(page.getByRole('heading', { level: 1, name: 'Мой профиль' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Основная навигация' })).toBeVisible();
  await expect(page.getByLabel('Имя и фамилия')).toHaveValue('Mila Halfway');
  await expect(account(page)).toBeFocused();
  expect(await isMarked(page)).toBe(true);

  await page.goto('/users/invite', { waitUntil: 'networkidle' });
  await mark(page);
  await page.getByRole('textbox', { name: 'Адреса' }).fill('vera@school.example');
  await choose(page, 'English');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByText('vera@school.example').or(page.locator('[value="vera@school.example"]')).first()).toBeVisible();
  expect(await isMarked(page)).toBe(true);
  await theirs.close();
});

// Rule 36.
test('every page goes over into the other language without being loaded anew @desktop-only', async ({ browser, server, mails }) => {
  test.setTimeout(90_000);
  await setUp(server);
  const theirs = await member(browser, server, mails, { name: 'Nora Pages', email: fresh('nora'), role: 'Company administrator' });
  const page = await theirs.newPage();
  const heard: string[] = [];
  page.on('pageerror', (error) => heard.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) heard.push(message.text());
  });
  for (const [path, english, russian] of [
    ['/', 'Hello', 'Здравствуйте'],
    ['/users', 'Users', 'Пользователи'],
    ['/units', '', ''],
    ['/invitations', 'Invitations', 'Приглашения'],
    ['/audit', 'Audit', 'Журнал'],
    ['/me', 'My profile', 'Мой профиль'],
  ] as const) {
    await page.goto(path, { waitUntil: 'networkidle' });
    await mark(page);
    await choose(page, 'Русский');
    await expect(page.getByRole('heading', { level: 1, name: russian }).first()).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
    await choose(page, 'English');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page.getByRole('heading', { level: 1, name: english }).first()).toBeVisible();
    expect(await isMarked(page), path).toBe(true);
  }
  expect(heard).toEqual([]);
  await theirs.close();
});

test('the theme changes in place, inside and at the door', async ({ page, context, server, javaScriptEnabled }) => {
  await setUp(server);
  await page.goto('/sign-in');
  if (javaScriptEnabled !== false) await mark(page);
  await page.getByLabel(/E-mail/).fill('typed@acme.example');
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  if (javaScriptEnabled !== false) {
    await expect(page.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByLabel(/E-mail/)).toHaveValue('typed@acme.example');
    expect(await isMarked(page)).toBe(true);
  }
  await expect(async () => {
    await page.goto('/forgot');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark', { timeout: 300 });
  }).toPass();
  await signIn(context, server, ANNA);
  await page.goto('/units', { waitUntil: 'networkidle' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  if (javaScriptEnabled !== false) await mark(page);
  await choose(page, 'Light');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  if (javaScriptEnabled !== false) {
    expect(await isMarked(page)).toBe(true);
    await expect(page.getByRole('menuitemradio', { name: 'Light', includeHidden: true })).toHaveAttribute('aria-checked', 'true');
  }
});

test('at the door another language keeps what was typed @script-only', async ({ page, server }) => {
  await setUp(server);
  await page.goto('/sign-in');
  await mark(page);
  await page.getByLabel(/E-mail/).fill('typed@acme.example');
  await page.locator('input[name=password]').fill('half a password');
  await page.getByRole('button', { name: 'Русский' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
  await expect(page.getByRole('button', { name: 'Войти' })).toBeVisible();
  await expect(page.locator('input[name=username]')).toHaveValue('typed@acme.example');
  await expect(page.locator('input[name=password]')).toHaveValue('half a password');
  await expect(page.getByRole('button', { name: 'Русский' })).toBeFocused();
  expect(await isMarked(page)).toBe(true);
});

test('whoever joins is told what they can do now', async ({ browser, server, mails, javaScriptEnabled }) => {
  test.setTimeout(60_000);
  await setUp(server);
  const theirs = await member(browser, server, mails, { name: 'Nils New', email: fresh('nils'), role: 'Employee' });
  const page = await theirs.newPage();
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Hello, Nils New' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Your roles' })).toContainText('Employee');
  const can = page.getByRole('region', { name: 'What you can do now' });
  await expect(can.getByRole('link', { name: 'Users' })).toHaveCount(0);
  if (javaScriptEnabled !== false) await expectAccessibleInBothThemes(page, 'the first page');
  await can.getByRole('link', { name: 'My profile' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'My profile' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Details' })).toContainText('Employee · ACME School');
  await theirs.close();
});

test('whoever is about to be signed out is asked, stays, or signs in again in place @script-only', async ({ page, context, server }) => {
  test.setTimeout(60_000);
  await setUp(server);
  await signIn(context, server, ANNA);
  // Two minutes before the end; the server itself is asked by the tests of the program.
  await page.route('**/me', async (route) => {
    if (route.request().resourceType() !== 'document') return route.continue();
    const answer = await route.fetch();
    const body = (await answer.text()).replace(/(seconds_left\\?":)\d+/, '$1119');
    await route.fulfill({ response: answer, body });
  });
  await page.route('**/api/session-end', (route) => route.fulfill({ status: 200, contentType: 'application/json', body: '90' }));
  await page.goto('/me', { waitUntil: 'networkidle' });
  const warning = page.getByRole('alert').filter({ hasText: 'You will be signed out at' });
  await expect(warning).toBeVisible({ timeout: 10_000 });
  await expectAccessibleInBothThemes(page, 'before the end of a session');
  await page.unroute('**/api/session-end');
  await warning.getByRole('button', { name: 'Stay signed in' }).click();
  await expect(warning).toHaveCount(0);
  await expect(page.locator('#main')).toBeFocused();

  // Nobody pressed it: what was typed waits until one has signed in again.
  await page.reload({ waitUntil: 'networkidle' });
  await page.getByLabel('Full name').fill('Anna Waiting');
  await context.clearCookies();
  const over = page.getByRole('alert').filter({ hasText: 'You are signed out' });
  await expect(over).toBeVisible({ timeout: 10_000 });
  await over.getByRole('button', { name: 'Sign in' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Sign in again to go on' });
  await dialog.locator('input[name=password]').fill(ANNA.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(over).toHaveCount(0, { timeout: 10_000 });
  await expect(page.getByLabel('Full name')).toHaveValue('Anna Waiting');
});

test('set-up ticks off what the chosen kind asks of the password, and says all mistakes at once @script-only', async ({ page }) => {
  const server = await startServer();
  try {
    await page.goto(`${server.url}/set-up`, { waitUntil: 'networkidle' });
    await page.getByRole('radio', { name: /portal/i }).check();
    const password = page.locator('input[name=password]');
    const lines = page.locator('.asked:visible li');
    await password.pressSequentially('abc');
    await expect(lines.filter({ hasText: 'small letter' })).toHaveAttribute('data-state', 'there');
    await expect(lines.filter({ hasText: 'capital letter' })).toHaveAttribute('data-state', 'missing');
    await password.blur();
    const error = page.locator('#password-error');
    for (const missing of ['8', 'capital letter', 'digit', 'neither letter nor digit']) await expect(error).toContainText(missing);
    await page.locator('input[name=name]').fill('Anna');
    await page.locator('input[name=code]').fill('AAAA-AAAA');
    await page.locator('input[name=email]').fill('anna@acme.example');
    await page.locator('input[name=organisation]').fill('ACME');
    await page.getByRole('button', { name: /Finish|Set up/ }).click();
    await expect(password).toBeFocused();
    await expect(page).toHaveURL(/\/set-up$/);
    // Another kind asks for other things.
    await page.getByRole('radio').first().check();
    await expect(lines.filter({ hasText: 'capital letter' })).toHaveCount(0);
    await expect(lines.filter({ hasText: '12 or more' })).toHaveAttribute('data-state', 'missing');
    // In the other language what was typed stays, and the page is alive there too.
    await page.getByRole('button', { name: 'Русский' }).click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
    await expect(password).toHaveValue('abc');
    await expect(page.locator('input[name=organisation]')).toHaveValue('ACME');
    await password.fill('quiet stone bridge');
    await expect(page.locator('.asked:visible li').first()).toHaveAttribute('data-state', 'there');
  } finally {
    await server.stop();
  }
});

test('single letters rest while a control has the focus @desktop-only', async ({ page, context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  await page.goto('/units', { waitUntil: 'networkidle' });
  await account(page).focus();
  await page.keyboard.press('i');
  await page.keyboard.press('?');
  await expect(page).toHaveURL(/\/units$/);
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await page.locator('#main').focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('alertdialog', { name: 'Help' })).toBeVisible();
});

test('a part of the settings is saved by itself, and what was typed into another stays @script-only', async ({ page, context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  await page.goto('/settings', { waitUntil: 'networkidle' });
  await page.getByLabel('Support contact').fill('Ask Anna');
  const sent = page.getByRole('region', { name: 'Invitations' });
  await sent.getByLabel('Messages one person may send in a day').fill('1999');
  await sent.getByRole('button', { name: 'Save' }).click();
  await expect(sent.getByText('Saved')).toBeVisible();
  await expect(page.getByLabel('Support contact')).toHaveValue('Ask Anna');
  await page.reload();
  await expect(page.getByLabel('Support contact')).toHaveValue('');
  await expect(page.getByLabel('Messages one person may send in a day')).toHaveValue('1999');
});
