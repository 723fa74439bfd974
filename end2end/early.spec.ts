// Typed while the script is still on its way: it stays, and what follows the typing catches up.
import type { Page } from '@playwright/test';

import { expect, test } from './support/fixtures.ts';
import { read } from './support/mail.ts';
import { ANNA, fresh, invite, setUp, signIn } from './support/people.ts';

test.beforeEach(async ({ context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
});

/** Opens a page one of whose files does not arrive before it is let go; the answer lets it go and waits until the page is alive. */
async function openEarly(page: Page, path: string, file = 'usher.wasm'): Promise<() => Promise<void>> {
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(`**/pkg/*/${file}`, async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest(`**/pkg/*/${file}`);
  await page.goto(path, { waitUntil: 'domcontentloaded' });
  await asked;
  return async () => {
    const arrived = page.waitForResponse(`**/pkg/*/${file}`);
    release();
    await (await arrived).finished();
    await page.waitForLoadState('networkidle');
  };
}

test('a search typed early stays, and the list follows it @script-only', async ({ page }) => {
  const alive = await openEarly(page, '/users');
  const search = page.getByRole('searchbox');
  await search.pressSequentially('nobodyhasthisname');
  await alive();
  await expect(search).toHaveValue('nobodyhasthisname');
  await expect(page).toHaveURL(/q=nobodyhasthisname/);
  await expect(page.getByRole('heading', { name: /Nobody matches/ })).toBeVisible();
  // Typing goes on where it was.
  await expect(search).toBeFocused();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('petrova');
  await expect(page.getByRole('row', { name: /Anna Petrova/ })).toBeVisible();
  await expect(search).toHaveValue('petrova');
});

test('a name and a phone typed early into the edit form stay, and are saved @script-only', async ({ page }) => {
  const email = fresh('early');
  await invite(page, `Before Script <${email}>`);
  const card = (await page.getByRole('link', { name: email }).getAttribute('href')) ?? '';
  const alive = await openEarly(page, `${card}/edit`);
  const phone = `+37529${Math.floor(1_000_000 + Math.random() * 8_999_999)}`;
  await page.getByLabel('Full name').fill('Typed Early');
  await page.getByLabel('Phone').fill(phone);
  await alive();
  await expect(page.getByLabel('Full name')).toHaveValue('Typed Early');
  await expect(page.getByLabel('Phone')).toHaveValue(phone);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Typed Early' })).toBeVisible();
  await expect(page.getByText(phone).first()).toBeVisible();
});

test('whatever was chosen early on the invite form stays, and goes out with the invitation @script-only', async ({ page, mails }) => {
  const email = fresh('soon');
  const alive = await openEarly(page, '/users/invite');
  const [addresses, message] = [page.getByRole('textbox', { name: 'Addresses' }), page.getByRole('textbox', { name: 'Personal message' })];
  const role = page.getByRole('radio', { name: 'Dispatcher' });
  const [language, validity] = [page.getByLabel('Language of the invitation'), page.getByLabel('The invitation works for')];
  const length = await validity.locator('option:not(:checked)').last().getAttribute('value');
  await addresses.fill(email);
  await message.fill('Written before anything was alive');
  await role.check();
  await language.selectOption({ label: 'Русский' });
  await validity.selectOption(length);
  await alive();
  const stays = async () => {
    await expect(message).toHaveValue('Written before anything was alive');
    await expect(role).toBeChecked();
    await expect(language).toHaveValue('ru');
    await expect(validity).toHaveValue(length ?? '');
  };
  await stays();
  await expect(addresses).toHaveValue(email);
  // The verdicts about what was typed change nothing of it either.
  await page.getByRole('button', { name: 'Check addresses' }).click();
  await expect(page.getByText(email, { exact: false }).first()).toBeVisible();
  await stays();
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page).toHaveURL(/draft=/);
  expect(read((await mails.mailTo(email)).raw).text).toContain('Written before anything was alive');
  await page.getByRole('link', { name: email }).click();
  await expect(page.getByText('Dispatcher').first()).toBeVisible();
  await expect(page.getByRole('main').getByText('Русский').first()).toBeVisible();
});

test('what is pressed before the file of its page has come is answered once it has @script-only', async ({ page }) => {
  const email = fresh('between');
  await invite(page, `Between Files <${email}>`);
  const card = (await page.getByRole('link', { name: email }).getAttribute('href')) ?? '';
  // A form: the server does it, and the page comes with what it says.
  let alive = await openEarly(page, `${card}?do=withdraw`, 'split_rest.wasm');
  await page.waitForTimeout(1_500);
  const answered = page.waitForResponse((response) => response.url().endsWith('/api/withdraw'));
  await page.getByRole('alertdialog').getByRole('button', { name: /^Withdraw/ }).click({ noWaitAfter: true });
  await answered;
  await alive();
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await expect(page.getByText('Withdrawn').first()).toBeVisible();
  await page.unrouteAll();
  // A link: the page of its address comes.
  alive = await openEarly(page, card, 'split_rest.wasm');
  await page.waitForTimeout(1_500);
  await page.getByRole('link', { name: 'Invitations', exact: true }).first().click({ noWaitAfter: true });
  await alive();
  await expect(page).toHaveURL(/\/invitations/);
  await expect(page.getByRole('heading', { level: 1, name: 'Invitations' })).toBeVisible();
});
