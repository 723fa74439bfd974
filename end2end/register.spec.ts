// The registration page comes alive: it says at once what is missing, changes its language where it stands and keeps what was
// typed; and it is a plain form as long as its script is not there.
import type { Page } from '@playwright/test';

import { expect, test } from './support/fixtures.ts';
import { link } from './support/mail.ts';
import { ANNA, fresh, invite, PASSWORD, setUp, signIn } from './support/people.ts';

/** The address of a new invitation. */
async function invited(page: Page, server: Parameters<typeof setUp>[0], mails: { mailTo(to: string): Promise<{ raw: string }> }) {
  await setUp(server);
  const admin = await page.context().browser()!.newContext({ baseURL: server.url });
  await signIn(admin, server, ANNA);
  const email = fresh('newcomer');
  await invite(await admin.newPage(), email);
  await admin.close();
  return link((await mails.mailTo(email)).raw, '/i/');
}

/** What the browser complains about on this page from now on; on the one that comes next it is another test's business. */
function complaints(page: Page): string[] {
  const heard: string[] = [];
  const hear = (text: string) => {
    if (page.url().includes('/i/')) heard.push(text);
  };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) hear(message.text());
  });
  page.on('pageerror', (error) => hear(String(error)));
  return heard;
}

const fields = (page: Page) => ({
  name: page.getByLabel(/^(Full name|Имя и фамилия)/),
  phone: page.getByLabel(/^(Phone|Телефон)/),
  password: page.locator('input[name=password]'),
  button: page.getByRole('button', { name: /^(Create account|Создать учётную запись)$/ }),
});

/** The page checks by itself only once it is alive. */
const alive = (page: Page) => expect(page.locator('form.card[novalidate]')).toBeVisible();

test('what is typed is checked as it is typed, and nothing holds a right form back @script-only', async ({ page, server, mails }) => {
  const heard = complaints(page);
  await page.goto(await invited(page, server, mails));
  await alive(page);
  const { name, phone, password, button } = fields(page);
  const line = (what: string) => page.locator('.asked li', { hasText: what });
  // Nothing is wrong before it is typed, also for whoever only passes through.
  await name.focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.locator('.field-error:not(:empty)')).toHaveCount(0);

  await phone.fill('29 123 45 67');
  await name.fill('Ivan Petrov');
  await expect(page.locator('#phone-error')).toHaveText(/country code is missing/);
  await phone.fill('+375 29 123-45-67');
  await expect(page.locator('#phone-error')).toBeEmpty();

  await password.fill('short');
  await expect(line('12 or more characters')).toHaveAttribute('data-state', 'missing');
  await password.fill('passwordpassword');
  await expect(line('12 or more characters')).toHaveAttribute('data-state', 'there');
  await expect(line('hard to guess')).toHaveAttribute('data-state', 'missing');
  await button.click();
  await expect(page.locator('#password-error')).toHaveText(/easy to guess/);
  await expect(password).toBeFocused();
  await page.screenshot({ path: `results/register-live-${test.info().project.name}.png`, fullPage: true });
  await password.fill(PASSWORD);
  await expect(line('hard to guess')).toHaveAttribute('data-state', 'there');
  await expect(page.locator('#password-error')).toBeEmpty();
  await button.click();
  await expect(page).not.toHaveURL(/\/i\//);
  expect(heard).toEqual([]);
});

test('an empty form is held back, with the focus on the first answer that is missing @script-only', async ({ page, server, mails }) => {
  await page.goto(await invited(page, server, mails));
  await alive(page);
  const { name, password, button } = fields(page);
  await name.fill('');
  await button.click();
  await expect(name).toBeFocused();
  await expect(page.locator('#name-error')).toHaveText('Enter a name.');
  await expect(page.locator('#password-error')).toHaveText(/12 or more characters/);
  await expect(password).toHaveAttribute('aria-invalid', 'true');
});

test('what was typed before the script came stays, with its focus @script-only', async ({ page, server, mails }) => {
  const heard = complaints(page);
  const door = await invited(page, server, mails);
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/pkg/*/register.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(door, { waitUntil: 'domcontentloaded' });
  const { name, phone, password, button } = fields(page);
  await name.fill('Typed Early');
  await phone.fill('29 123');
  await password.pressSequentially('velvet sto');
  release();
  await alive(page);
  await expect(name).toHaveValue('Typed Early');
  await expect(password).toHaveValue('velvet sto');
  await expect(password).toBeFocused();
  await expect(page.locator('#phone-error')).not.toBeEmpty();
  await page.keyboard.type('ne garden');
  await expect(password).toHaveValue(PASSWORD);
  await phone.fill('');
  await button.click();
  await expect(page).not.toHaveURL(/\/i\//);
  expect(heard).toEqual([]);
});

test('the language changes where one stands, and no letter is lost @script-only', async ({ page, server, mails }) => {
  const heard = complaints(page);
  await page.goto(await invited(page, server, mails));
  await alive(page);
  await page.evaluate(() => { (window as unknown as { marked: boolean }).marked = true; });
  const { name, phone, password, button } = fields(page);
  await name.fill('Иван Петров');
  await phone.fill('29 123 45 67');
  await password.fill('half a pass');
  await name.focus();
  await expect(page.locator('#phone-error')).toHaveText(/country code/);
  const remembered = page.waitForResponse('**/language');
  await page.getByRole('button', { name: 'Русский' }).click();
  await remembered;
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
  await expect(page).toHaveTitle(/^Создать учётную запись · /);
  await expect(page.getByRole('button', { name: 'Русский' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('#phone-error')).toHaveText(/Нет кода страны/);
  await expect(page.locator('.asked')).toContainText('не меньше 12 знаков');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('приглашает вас');
  await expect(name).toHaveValue('Иван Петров');
  await expect(phone).toHaveValue('29 123 45 67');
  await expect(password).toHaveValue('half a pass');
  expect(await page.evaluate(() => (window as unknown as { marked?: boolean }).marked)).toBe(true);
  await page.screenshot({ path: `results/register-ru-${test.info().project.name}.png`, fullPage: true });
  expect(heard).toEqual([]);
  await phone.fill('');
  await password.fill(PASSWORD);
  await button.click();
  await expect(page).not.toHaveURL(/\/i\//);
});

test('what the server refuses is said in place, and the password stays @script-only', async ({ page, server, mails }) => {
  const heard = complaints(page);
  await page.goto(await invited(page, server, mails));
  await alive(page);
  const { name, phone, password, button } = fields(page);
  await name.fill('Ivan Petrov');
  // Right for all that a browser knows; the server knows the numbers of each country.
  await phone.fill('+375 29 123 45 6');
  await password.fill(PASSWORD);
  await button.click();
  await expect(page.getByRole('alert')).toContainText('looks too short');
  await expect(page.getByRole('alert')).toBeFocused();
  await expect(page.locator('#phone-error')).toHaveText(/too short/);
  await expect(password).toHaveValue(PASSWORD);
  await page.screenshot({ path: `results/register-refused-${test.info().project.name}.png`, fullPage: true });
  await page.getByRole('button', { name: 'Русский' }).click();
  await expect(page.getByRole('alert')).toContainText('Слишком коротко');
  // Sent once more, it is meant so.
  await button.click();
  await expect(page).not.toHaveURL(/\/i\//);
  // The browser itself notes every answer of this kind.
  expect(heard.filter((line) => !line.includes('422'))).toEqual([]);
});

test('without its script, and when its script does not come, the page is a plain form', async ({ page, server, mails }) => {
  await page.route('**/pkg/*/register.wasm', (route) => route.abort());
  const heard = complaints(page);
  await page.goto(await invited(page, server, mails));
  const { name, phone, password, button } = fields(page);
  await name.fill('Plain Person');
  await phone.fill('29 123 45 67');
  await password.fill(PASSWORD);
  await button.click();
  await expect(page.getByRole('alert')).toContainText('country code is missing');
  await expect(name).toHaveValue('Plain Person');
  await page.getByRole('button', { name: 'Русский' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
  await name.fill('Plain Person');
  await password.fill(PASSWORD);
  await button.click();
  await expect(page).not.toHaveURL(/\/i\//);
  // That the file did not come, and what was refused, the browser notes by itself.
  expect(heard.filter((line) => !line.startsWith('Failed to load resource'))).toEqual([]);
});
