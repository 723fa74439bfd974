// Ways in that need no link: a login and a temporary password that are handed over, with the page for phones behind them; and
// an invitation that carries a user name and a one-time password.
import { expect, test as base, type Page } from '@playwright/test';

import { expectAccessible } from './support/axe.ts';
import { LEARNING, setUpAs, type Kind } from './support/kinds.ts';
import { read } from './support/mail.ts';
import { PASSWORD } from './support/people.ts';
import { startServer, type Server } from './support/server.ts';
import { startSmtpSink, type SmtpSink } from './support/smtp.ts';

const DISPATCH: Kind = {
  name: 'Dispatch',
  whole: 'Company',
  part: 'Branch',
  roles: ['Main administrator', 'Company administrator', 'Dispatcher', 'Agent group manager', 'Employee'],
  works: '8 hours',
  days: 0,
};

const test = base.extend<{ mails: SmtpSink; server: Server }>({
  mails: async ({}, use) => {
    const mails = await startSmtpSink();
    await use(mails);
    await mails.stop();
  },
  server: async ({ mails }, use) => {
    const server = await startServer({ USHER_SMTP_URL: mails.url });
    await use(server);
    await server.stop();
  },
  baseURL: async ({ server }, use) => use(server.url),
});

test.describe.configure({ timeout: 90_000 });

/** Signs in on the page for phones; ends wherever that leads. */
async function knock(page: Page, login: string, password: string) {
  await page.goto('/m/sign-in');
  await page.getByLabel('Login, e-mail or phone').fill(login);
  await page.locator('input[name=password]').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForLoadState();
}

test('a login is handed over, a lasting password is set first, and the phone page opens', async ({ page, browser, server, javaScriptEnabled }) => {
  await setUpAs(page, server, DISPATCH);
  await page.goto('/users/invite');
  await page.getByRole('navigation', { name: 'Authorization method' }).getByRole('link', { name: 'Login' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Add somebody with a login' })).toBeVisible();
  if (javaScriptEnabled) await expectAccessible(page, 'adding somebody with a login');

  // What is wrong stands at its field, and nothing typed is lost.
  await page.getByLabel('Last name').fill('Lis');
  await page.getByLabel('First name').fill('Pavel');
  await page.getByRole('textbox', { name: 'Login' }).fill('pavel@acme.by');
  await page.getByRole('radio', { name: 'Employee', exact: true }).check();
  await page.getByRole('button', { name: 'Add and show the password' }).click();
  await expect(page.locator('#login-error')).not.toBeEmpty();
  await expect(page.getByLabel('Last name')).toHaveValue('Lis');
  await page.getByRole('textbox', { name: 'Login' }).fill('Pavel.Lis');
  await page.getByRole('button', { name: 'Add and show the password' }).click();

  await expect(page.getByRole('heading', { name: 'Hand this over now' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Pavel Lis' })).toBeVisible();
  const temporary = (await page.locator('#slip-password').innerText()).trim();
  await expect(page.getByRole('img', { name: 'The sign-in page as a QR code' })).toBeVisible();
  expect(temporary).toMatch(/^([a-z]{3,8}-){4}\d{3}$/);
  expect(page.url()).not.toContain(temporary);
  if (javaScriptEnabled) await expectAccessible(page, 'a slip');
  await page.screenshot({ path: 'results/ways-slip.png' });
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Hand this over now' })).toHaveCount(0);
  await expect(page.getByText('The temporary password has not been used yet.')).toBeVisible();

  const context = await browser.newContext({
    baseURL: server.url,
    viewport: { width: 390, height: 844 },
    javaScriptEnabled: javaScriptEnabled ?? true,
  });
  const phone = await context.newPage();
  await phone.goto('/sign-in');
  await phone.getByLabel(/^E-mail( or (phone|login)|, phone or login)?/).fill('pavel.lis');
  await phone.locator('input[name=password]').fill(temporary);
  await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(phone.getByText('With a login you use the page for phones')).toBeVisible();
  await phone.getByRole('link', { name: 'Open the page for phones' }).click();
  await expect(phone).toHaveURL(/\/m\/sign-in/);
  await knock(phone, 'pavel.lis', temporary);
  await expect(phone.getByRole('heading', { name: 'Set your own password' })).toBeVisible();
  await phone.goto('/m');
  await expect(phone).toHaveURL(/\/m\/sign-in/);
  await knock(phone, 'pavel.lis', temporary);
  await phone.locator('input[name=password]').fill(PASSWORD);
  await phone.getByRole('button', { name: 'Save and go on' }).click();
  await expect(phone.getByRole('heading', { level: 1, name: 'My shifts' })).toBeVisible();
  if (javaScriptEnabled) await expectAccessible(phone, 'the page for phones');
  await phone.screenshot({ path: 'results/ways-phone.png' });
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  await phone.getByRole('link', { name: 'My profile' }).click();
  await phone.getByLabel('First name').fill('Pavel P.');
  await phone.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(phone.getByText('Saved', { exact: false }).first()).toBeVisible();
  await page.goto('/users');
  await expect(page.getByRole('row', { name: /Pavel P\. Lis/ }).getByText('Active', { exact: true })).toBeVisible();

  // Rule 87: a new one ends the session, and is shown once.
  const card = (await page.getByRole('row', { name: /Pavel P\. Lis/ }).getByRole('link').first().getAttribute('href')) ?? '';
  await page.goto(`${card}?do=reset`);
  await page.getByRole('button', { name: 'Copy password' }).click();
  await expect(page.getByRole('heading', { name: 'Hand this over now' })).toBeVisible();
  const second = (await page.locator('#slip-password').innerText()).trim();
  expect(second).not.toBe(temporary);
  await phone.goto('/m');
  await expect(phone).toHaveURL(/\/m\/sign-in/);
  await knock(phone, 'pavel.lis', second);
  await expect(phone.getByRole('heading', { name: 'Set your own password' })).toBeVisible();
  await context.close();
});

test('an invitation carries a user name and a one-time password', async ({ page, browser, server, mails, javaScriptEnabled }) => {
  await setUpAs(page, server, LEARNING);
  await page.goto('/settings');
  await expect(page.getByRole('radio', { name: 'User name and one-time password' })).toBeChecked();
  await page.goto('/users/invite');
  await page.getByRole('textbox', { name: 'Addresses' }).fill('Lea Learner <lea@linden.example>');
  await page.getByRole('radio', { name: 'Learner' }).check();
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page).toHaveURL(/draft=/);
  await page.getByRole('button', { name: 'Send now' }).click();

  const { text } = read((await mails.mailTo('lea@linden.example')).raw);
  const password = /One-time password: (\S+)/.exec(text)?.[1] ?? '';
  expect(text).toContain('User name: lea@linden.example');
  expect(password).toMatch(/^([a-z]{3,8}-){4}\d{3}$/);
  expect(text).not.toContain('/i/');

  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: javaScriptEnabled ?? true });
  const own = await context.newPage();
  await own.goto('/sign-in');
  await own.getByLabel(/^E-mail( or (phone|login)|, phone or login)?/).fill('lea@linden.example');
  await own.locator('input[name=password]').fill(password);
  await own.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(own).toHaveURL(/\/i\//);
  await own.locator('input[name=password]').fill(password);
  await own.getByRole('button', { name: 'Create account' }).click();
  await expect(own.getByText('This is the temporary password').first()).toBeVisible();
  await own.locator('input[name=password]').fill(PASSWORD);
  await own.getByRole('button', { name: 'Create account' }).click();
  await expect(own.getByRole('button', { name: 'Account of Lea Learner' })).toBeVisible();
  await page.goto('/users');
  await expect(page.getByRole('row', { name: /Lea Learner/ }).getByText('Active', { exact: true })).toBeVisible();
  await context.close();
});
