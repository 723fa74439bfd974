// One document all along: every page opens by itself and by a click, the same text both ways; a file of the program that does not
// come takes only its own pages with it.
import type { Page } from '@playwright/test';

import { expect, test } from './support/fixtures.ts';
import { ANNA, fresh, invite, setUp, signIn } from './support/people.ts';

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

const text = (page: Page) => page.locator('main').innerText();

test('every page is the same, opened by itself or by a link @desktop-only', async ({ page, context, server }) => {
  test.setTimeout(180_000);
  await setUp(server);
  await signIn(context, server, ANNA);
  const email = fresh('noa');
  await invite(page, email);
  await page.goto('/users?q=' + encodeURIComponent(email));
  const card = (await page.locator('table a.person').first().getAttribute('href')) ?? '';
  await page.goto('/units');
  const unit = (await page.locator('main a[href^="/units/"]').first().getAttribute('href')) ?? '/units';
  await page.goto('/settings/roles');
  const role = (await page.locator('main a[href^="/settings/roles/"]:not([href$="/new"])').first().getAttribute('href')) ?? '';
  const pages = [
    '/invitations', card, `${card}/edit`, `${card}?do=block`, '/units', unit, '/shifts', '/shifts/new', '/audit', '/settings',
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
