// One document all along: every page opens by itself and by a click, the same text both ways; a file of the program that does not
// come takes only its own pages with it.
import type { Page } from '@playwright/test';

import { expect, test } from './support/fixtures.ts';
import { ANNA, fresh, invite, member, setUp, signIn } from './support/people.ts';

/** What the browser complains about while `work` goes on. */
async function complaints(page: Page, work: () => Promise<void>): Promise<string[]> {
  const heard: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) heard.push(message.text());
  });
  page.on('pageerror', (error) => heard.push(String(error)));
  await work();
  return heard;
}

/** Marks the document: a page that was loaded anew has lost the mark. */
const mark = (page: Page) => page.evaluate(() => { (window as unknown as { marked: boolean }).marked = true; });
const isMarked = (page: Page) => page.evaluate(() => (window as unknown as { marked?: boolean }).marked === true);

/** Goes to an address as a link in the page does. */
async function follow(page: Page, path: string) {
  await page.evaluate((path) => {
    const link = document.createElement('a');
    link.href = path;
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
  await expect.poll(() => page.evaluate(() => location.pathname + location.search)).toBe(path);
}

/** What a page says; a minute may pass between two looks. */
const text = async (page: Page) => (await page.locator('main').innerText()).replace(/\d\d:\d\d/g, 'then');

test('every page is the same, opened by itself or by a link @desktop-only', async ({ page, context, server }) => {
  test.setTimeout(180_000);
  await setUp(server);
  await signIn(context, server, ANNA);
  const email = fresh('noa');
  await invite(page, email);
  await page.goto('/users?q=' + encodeURIComponent(email));
  const card = (await page.locator('table a[href^="/users/"]').first().getAttribute('href')) ?? '';
  await page.goto('/units');
  const unit = (await page.locator('main a[href^="/units/"]').first().getAttribute('href')) ?? '/units';
  await page.goto('/settings/roles');
  const role = (await page.locator('main a[href^="/settings/roles/"]:not([href$="/new"])').first().getAttribute('href')) ?? '';
  const pages = [
    '/', '/invitations', card, `${card}/edit`, `${card}?do=block`, '/units', unit, '/shifts', '/shifts/new', '/audit', '/settings',
    '/settings/roles', '/settings/roles/new', role, '/settings/texts', '/settings/who', '/me', '/users/invite',
    '/users?q=' + encodeURIComponent(email), '/users',
  ];
  const heard = await complaints(page, async () => {
    const alone: string[] = [];
    for (const path of pages) {
      await page.goto(path, { waitUntil: 'networkidle' });
      alone.push(await text(page));
    }
    await page.goto('/users', { waitUntil: 'networkidle' });
    await mark(page);
    for (const [at, path] of pages.entries()) {
      await follow(page, path);
      await expect.poll(() => text(page), { message: path }).toBe(alone[at]);
    }
    await page.goBack();
    await expect(page).toHaveURL(new RegExp(pages.at(-2)!.replace(/[?]/, '\\?')));
    expect(await isMarked(page), 'one document all along').toBe(true);
  });
  expect(heard).toEqual([]);
});

test('each file of the program is fetched once, and those of a page beforehand @desktop-only', async ({ page, context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  const fetched: string[] = [];
  page.on('request', (request) => {
    const name = /\/pkg\/[0-9a-f]+\/(.*)$/.exec(request.url())?.[1];
    if (name) fetched.push(name);
  });
  await page.goto('/settings', { waitUntil: 'networkidle' });
  expect(fetched).toContain('usher.wasm');
  expect(fetched).toContain('split_rest.wasm');
  expect(fetched).not.toContain('split_invite.wasm');
  await follow(page, '/audit');
  await follow(page, '/users');
  await expect(page.getByRole('table')).toBeVisible();
  expect(fetched.filter((name, at) => fetched.indexOf(name) !== at)).toEqual([]);
});

// A deploy under an open tab answers in the same way: what an earlier version's mark names is gone.
test('pages whose file does not come say so, and the others go on @script-only', async ({ page, context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  const gone = '**/pkg/*/split_rest.wasm';
  await page.route(gone, (route) => route.fulfill({ status: 404 }));
  await page.goto('/users', { waitUntil: 'networkidle' });
  await mark(page);
  await follow(page, '/audit');
  await expect(page.getByRole('heading', { name: 'This page could not be loaded' })).toBeVisible();
  expect(await isMarked(page)).toBe(true);
  await follow(page, '/users');
  await expect(page.getByRole('table')).toBeVisible();
  expect(await isMarked(page)).toBe(true);
  await follow(page, '/settings');
  await page.unroute(gone);
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  expect(await isMarked(page), 'asked of the server anew').toBe(false);
});

test('a page that is open while its file is missing can be read and used @script-only', async ({ page, context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  await page.route('**/pkg/*/*.wasm', (route) => route.fulfill({ status: 404 }));
  await page.goto('/me');
  await page.getByRole('textbox', { name: 'Full name' }).fill('Anna Petrova');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved')).toBeVisible();
});

test('a form is sent without leaving the document, and its page says what came of it @script-only', async ({ page, context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  await page.goto('/me', { waitUntil: 'networkidle' });
  await mark(page);
  // Refused: what was typed stays, and why stands above.
  await page.getByRole('textbox', { name: 'Phone' }).fill('29 123');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Phone' })).toHaveValue('29 123');
  await page.getByRole('textbox', { name: 'Phone' }).fill('+375 29 765-43-21');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  // Said once: whoever comes back finds nothing of it.
  await follow(page, '/audit');
  await expect(page.getByRole('heading', { name: 'Audit' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('textbox', { name: 'Phone' })).toHaveValue(/\+375/);
  await expect(page.getByText('Saved')).toHaveCount(0);
  expect(await isMarked(page), 'one document all along').toBe(true);
});

test('another language is spoken at once, by the frame too @script-only', async ({ browser, server, mails }) => {
  await setUp(server);
  const own = await member(browser, server, mails, { name: 'Lena Wolf', email: fresh('lena'), role: 'Company administrator' });
  const page = await own.newPage();
  await page.goto('/me', { waitUntil: 'networkidle' });
  await mark(page);
  await page.getByRole('combobox', { name: 'Language' }).selectOption('ru');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Мой профиль' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
  await expect(page.getByRole('navigation', { name: 'Основная навигация' })).toBeVisible();
  await expect(page).toHaveTitle(/^Мой профиль/);
  expect(await isMarked(page)).toBe(true);
  await own.close();
});


test('whoever is signed out while typing signs in again in place, and the form goes @script-only', async ({ page, context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  await page.goto('/me', { waitUntil: 'networkidle' });
  await mark(page);
  await page.getByRole('textbox', { name: 'Full name' }).fill('Anna Petrova-Weber');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Sign in again to go on' });
  await expect(dialog).toBeVisible();
  await dialog.locator('input[name=password]').fill('not the password');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.locator('input[name=password]').fill(ANNA.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Full name' })).toHaveValue('Anna Petrova-Weber');
  await page.getByRole('textbox', { name: 'Full name' }).fill(ANNA.name);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  expect(await isMarked(page)).toBe(true);
});

test('without a network a form says so and loses nothing @script-only', async ({ page, context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  await page.goto('/me', { waitUntil: 'networkidle' });
  await page.getByRole('textbox', { name: 'Full name' }).fill('Anna Offline');
  await context.setOffline(true);
  await expect(page.getByText('No connection.')).toBeVisible();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Not sent.' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Full name' })).toHaveValue('Anna Offline');
  await context.setOffline(false);
  await expect(page.getByText('No connection.')).toHaveCount(0);
});

test('a form with something in it is not left without a question @script-only', async ({ page, context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  const email = fresh('uma');
  await invite(page, email);
  await page.goto('/users?q=' + encodeURIComponent(email));
  const card = (await page.locator('table a[href^="/users/"]').first().getAttribute('href')) ?? '';
  await page.goto(`${card}/edit`, { waitUntil: 'networkidle' });
  const name = page.getByLabel('Full name');
  const ask = page.getByRole('alertdialog', { name: 'Leave without saving?' });
  const home = page.locator('header a.brand');
  const kept = await name.inputValue();
  // What was typed and taken back is nothing.
  await name.fill('Uma Unsaved');
  await name.fill(kept);
  await home.click();
  await expect(page).not.toHaveURL(/\/edit$/);
  await page.goBack();
  await name.fill('Uma Unsaved');
  await home.click();
  await expect(ask).toBeVisible();
  await expect(ask.getByRole('button', { name: 'Stay' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(ask).toBeHidden();
  await expect(page).toHaveURL(/\/edit$/);
  await expect(name).toHaveValue('Uma Unsaved');
  await home.click();
  await ask.getByRole('button', { name: 'Discard' }).click();
  await expect(page).not.toHaveURL(/\/edit$/);
  // Cancel is an answer, and what was saved needs none.
  await page.goto(`${card}/edit`, { waitUntil: 'networkidle' });
  await expect(name).toHaveValue(kept);
  await name.fill('Uma Unsaved');
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(page).not.toHaveURL(/\/edit$/);
  await page.goto(`${card}/edit`, { waitUntil: 'networkidle' });
  await name.fill('Uma Saved');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'Uma Saved' })).toBeVisible();
  await home.click();
  await expect(page).not.toHaveURL(new RegExp(card));
  await expect(ask).toBeHidden();
});

// Rule 36: help is at hand on every page.
test('keys and the palette lead to pages, people and actions @desktop-only', async ({ page, context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  const email = fresh('petra');
  await invite(page, email);
  await page.goto('/users', { waitUntil: 'networkidle' });
  await mark(page);
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(page).toHaveURL(/\/audit$/);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('alertdialog', { name: 'Go to' });
  const field = palette.getByRole('combobox');
  await expect(field).toBeFocused();
  await field.fill(email.slice(0, 8));
  await expect(palette.getByRole('option', { name: email })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/users\/[0-9a-f-]+$/);
  await expect(palette).toHaveCount(0);
  // In a field a letter is a letter.
  await page.keyboard.press('Control+k');
  await field.fill('shif');
  await page.keyboard.press('Escape');
  await expect(palette).toHaveCount(0);
  await page.keyboard.press('?');
  const help = page.getByRole('alertdialog', { name: 'Help' });
  await expect(help.getByText('What is known about this person')).toBeVisible();
  await help.getByRole('checkbox').uncheck();
  await help.getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await expect(page).not.toHaveURL(/\/users$/);
  await page.getByRole('button', { name: /Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Help and keys' }).click();
  await help.getByRole('checkbox').check();
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await follow(page, '/users');
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  expect(await isMarked(page)).toBe(true);
});
