// One's own page and the list of the invitations, where every change is a plain form whose answer is a page: without script
// throughout, and the list with script and on a phone too.
import type { Browser, Page } from '@playwright/test';

import { expect, test } from './support/fixtures.ts';
import { link } from './support/mail.ts';
import { ANNA, PASSWORD, fresh, invite, member, post, setUp, signIn, untilListed } from './support/people.ts';
import type { Server } from './support/server.ts';

const NEXT_PASSWORD = 'amber window seven';

test.beforeEach(async ({ server }) => setUp(server));

/** A further device of somebody; ends on their page about themselves. */
async function anotherDevice(browser: Browser, server: Server, email: string, password: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: server.url });
  await signIn(context, server, { email, password });
  const page = await context.newPage();
  await page.goto('/me');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  return page;
}

async function expectSignedOut(page: Page) {
  await page.goto('/me');
  await expect(page).toHaveURL(/\/sign-in/);
}

test('one changes own name and language, and what was typed survives a refusal @no-script-only', async ({ page, context, browser, server, mails }) => {
  test.setTimeout(60_000);
  const email = fresh('mila');
  const theirs = await member(browser, server, mails, { name: 'Mila Before', email, role: 'Dispatcher' });
  const them = await theirs.newPage();
  await them.goto('/me');
  const details = them.getByRole('region', { name: 'Details' });
  await details.getByLabel('Full name').fill('Mila After');
  await details.getByLabel('Phone').fill('29 123-45-67');
  await details.getByRole('button', { name: 'Save' }).click();
  await expect(details.getByRole('alert')).toContainText('country code');
  await expect(details.getByLabel('Full name')).toHaveValue('Mila After');
  await expect(details.getByLabel('Phone')).toHaveValue('29 123-45-67');

  const phone = `+37529${Math.floor(1_000_000 + Math.random() * 8_999_999)}`;
  await details.getByLabel('Phone').fill(phone);
  await details.getByRole('button', { name: 'Save' }).click();
  await expect(details.getByRole('status')).toContainText('Saved');
  await expect(details.getByLabel('Phone')).toHaveValue(phone);

  await details.getByLabel('Language').selectOption({ label: 'Русский' });
  await details.getByRole('button', { name: 'Save' }).click();
  await expect(them.locator('html')).toHaveAttribute('lang', 'ru');
  await expect(them.getByRole('heading', { name: 'Где выполнен вход' })).toBeVisible();
  const russian = them.getByRole('region', { name: 'Данные' });
  await russian.getByLabel('Язык').selectOption({ label: 'English' });
  await russian.getByRole('button', { name: 'Сохранить' }).click();
  await expect(them.locator('html')).toHaveAttribute('lang', 'en');
  await theirs.close();

  // Others see the new name.
  await signIn(context, server, ANNA);
  await page.goto(`/users?q=${encodeURIComponent(email)}`);
  await expect(page.getByRole('row', { name: /Mila After/ }).first()).toBeVisible();
});

test('a new password needs the current one, and signs out every other device @no-script-only', async ({ browser, server, mails }) => {
  test.setTimeout(60_000);
  const email = fresh('noah');
  const theirs = await member(browser, server, mails, { name: 'Noah Nagel', email, role: 'Dispatcher' });
  const other = await anotherDevice(browser, server, email, PASSWORD);
  const them = await theirs.newPage();
  await them.goto('/me');
  const section = them.getByRole('region', { name: 'Password' });
  const change = async (current: string, next: string) => {
    await section.getByLabel('Current password').fill(current);
    await section.getByLabel('New password').fill(next);
    await section.getByRole('button', { name: 'Change password' }).click();
  };
  await change('not my password at all', NEXT_PASSWORD);
  await expect(section.getByRole('alert')).toContainText('The current password is not right.');
  // What is wrong is said; no password travels back into the page.
  await expect(section.getByLabel('Current password')).toHaveValue('');
  await expect(section.getByLabel('New password')).toHaveValue('');
  await change(PASSWORD, 'password1234');
  await expect(section.getByRole('alert')).toContainText('easy to guess');
  await other.reload();
  await expect(other).toHaveURL(/\/me/);

  await change(PASSWORD, NEXT_PASSWORD);
  await expect(section.getByRole('status')).toContainText('The password is changed.');
  await expectSignedOut(other);
  await them.reload();
  await expect(them).toHaveURL(/\/me/);
  const refused = await post(server, '/sign-in', { username: email, password: PASSWORD });
  expect(refused.status).not.toBe(303);
  const welcome = await post(server, '/sign-in', { username: email, password: NEXT_PASSWORD });
  expect(welcome.status).toBe(303);
  await other.context().close();
  await theirs.close();
});

test('one signs out one other device, then all others, and stays signed in here @no-script-only', async ({ browser, server, mails }) => {
  test.setTimeout(60_000);
  const email = fresh('olga');
  const theirs = await member(browser, server, mails, { name: 'Olga Ost', email, role: 'Dispatcher' });
  const second = await anotherDevice(browser, server, email, PASSWORD);
  const them = await theirs.newPage();
  await them.goto('/me');
  const devices = them.getByRole('region', { name: 'Signed-in devices' });
  await expect(devices.getByRole('listitem')).toHaveCount(2);
  await expect(devices.getByText('This device')).toHaveCount(1);
  // There is no button to sign out this device by mistake.
  const one = devices.getByRole('listitem').getByRole('button', { name: /^Sign out/ });
  await expect(one).toHaveCount(1);
  await one.click();
  await expect(them.getByText('Signed out on that device.')).toBeVisible();
  await expect(devices.getByRole('listitem')).toHaveCount(1);
  await expectSignedOut(second);

  const third = await anotherDevice(browser, server, email, PASSWORD);
  const fourth = await anotherDevice(browser, server, email, PASSWORD);
  await them.goto('/me');
  await expect(devices.getByRole('listitem')).toHaveCount(3);
  await devices.getByRole('button', { name: 'Sign out all others' }).click();
  await expect(devices.getByRole('status')).toContainText('Signed out on all other devices.');
  await expectSignedOut(third);
  await expectSignedOut(fourth);
  await them.reload();
  await expect(devices.getByRole('listitem')).toHaveCount(1);
  for (const page of [second, third, fourth]) await page.context().close();
  await theirs.close();
});

test('one makes a token for a program, sees it once, and revokes it @no-script-only', async ({ browser, server, mails }) => {
  test.setTimeout(60_000);
  const theirs = await member(browser, server, mails, { name: 'Tara Tal', email: fresh('tara'), role: 'Dispatcher' });
  const them = await theirs.newPage();
  await them.goto('/me');
  const tokens = them.getByRole('region', { name: 'API tokens' });
  await tokens.getByLabel('Name').fill('Payroll');
  await tokens.getByLabel('Works for').selectOption({ index: 2 });
  await tokens.getByRole('button', { name: 'Create token' }).click();
  const token = await tokens.getByLabel('New token').inputValue();
  const read = () => fetch(`${server.url}/api/v1/users`, { headers: { authorization: `Bearer ${token}` } });
  expect((await read()).status).toBe(200);
  await them.goto('/me');
  await expect(tokens.getByRole('listitem')).toHaveCount(1);
  await expect(tokens.getByLabel('New token')).toHaveCount(0);
  await tokens.getByRole('button', { name: 'Revoke Payroll' }).click();
  await expect(tokens.getByText('The token is revoked.')).toBeVisible();
  await expect(tokens.getByRole('listitem')).toHaveCount(0);
  expect((await read()).status).not.toBe(200);
  await theirs.close();
});

/** Somebody's row in the list of the invitations. */
const inList = (page: Page, email: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name: email, exact: true }) });

// Rule 44.
test('the list of invitations resends, hands over and changes the role, and asks before it withdraws', async ({ page, context, browser, server, mails }) => {
  test.setTimeout(60_000);
  await signIn(context, server, ANNA);
  const [email, beside] = [fresh('petr'), fresh('rita')];
  await invite(page, `${email}\n${beside}`);
  const first = link((await mails.mailTo(email)).raw, '/i/');
  const other = await browser.newContext();
  const theirs = await other.newPage();

  await page.goto('/invitations?status=invited');
  await inList(page, email).getByRole('button', { name: `Resend ${email}` }).click();
  await expect(page.getByRole('status').filter({ hasText: 'A new invitation is on its way.' })).toBeVisible();
  const second = link((await mails.mailTo(email, 2)).raw, '/i/');
  await theirs.goto(first);
  await expect(theirs.getByRole('heading', { name: 'There is a newer link' })).toBeVisible();

  // A copied link is one more: the one in the message keeps working.
  await page.goto('/invitations');
  await inList(page, email).getByRole('button', { name: `Copy link ${email}` }).click();
  const copied = await page.getByLabel(`Invitation link of ${email}`).inputValue();
  expect(page.url()).not.toContain('/i/');
  await theirs.goto(copied);
  await expect(theirs.getByRole('button', { name: 'Send the code' })).toBeVisible();
  await theirs.goto(second);
  await expect(theirs.getByRole('button', { name: 'Create account' })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel(`Invitation link of ${email}`)).toHaveCount(0);

  // The role changes while the invitation is open, and the link offers the new one.
  await inList(page, email).getByRole('link', { name: email, exact: true }).click();
  await page.getByRole('region', { name: 'Access' }).getByRole('link', { name: /Change role/ }).click();
  await page.getByRole('radio', { name: 'Agent group manager' }).check();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Change role' }).click();
  await expect(page.getByText('The role is changed.', { exact: false })).toBeVisible();
  await page.goto('/invitations');
  await expect(inList(page, email)).toContainText('Agent group manager');
  await expect(inList(page, beside)).toContainText('Employee');
  await theirs.goto(second);
  await expect(theirs.getByRole('heading', { name: /invites you as Agent group manager/ })).toBeVisible();

  await inList(page, email).getByRole('link', { name: `Withdraw ${email}` }).click();
  const question = page.getByRole('alertdialog', { name: `Withdraw the invitation of ${email}?` });
  await expect(question).toContainText('stops working at once');
  await question.getByRole('link', { name: 'Keep' }).click();
  await theirs.reload();
  await expect(theirs.getByRole('button', { name: 'Create account' })).toBeVisible();

  await page.goto('/invitations');
  await inList(page, email).getByRole('link', { name: `Withdraw ${email}` }).click();
  await question.getByRole('button', { name: 'Withdraw invitation' }).click();
  await expect(page.getByText('Withdrawn').first()).toBeVisible();
  await page.goto('/invitations?status=withdrawn');
  await expect(inList(page, email)).toBeVisible();
  await expect(inList(page, email).getByRole('button', { name: /^Copy link/ })).toHaveCount(0);
  await page.goto('/invitations?status=invited');
  await expect(inList(page, email)).toHaveCount(0);
  await expect(inList(page, beside)).toBeVisible();
  for (const door of [copied, second]) {
    await theirs.goto(door);
    await expect(theirs.getByRole('heading', { name: 'This invitation was withdrawn' })).toBeVisible();
  }
  await other.close();
});

test('a withdrawn invitation is sent anew from the list @no-script-only', async ({ page, context, server, mails, browser }) => {
  await signIn(context, server, ANNA);
  const email = fresh('sonja');
  await invite(page, email);
  await page.getByRole('link', { name: email }).click();
  await expect(page).toHaveURL(/\/users\/[0-9a-f]{8}-/);
  const card = page.url().split('?')[0] ?? '';
  await page.goto(`${card}?do=withdraw`);
  await page.getByRole('button', { name: 'Withdraw invitation' }).click();
  await expect(page.getByText('Withdrawn').first()).toBeVisible();
  await page.goto('/invitations?status=withdrawn');
  await inList(page, email).getByRole('button', { name: `Resend ${email}` }).click();
  const door = link((await mails.mailTo(email, 2)).raw, '/i/');
  const other = await browser.newContext();
  const theirs = await other.newPage();
  await theirs.goto(door);
  await expect(theirs.getByRole('button', { name: 'Create account' })).toBeVisible();
  await untilListed(page, `/users?q=${encodeURIComponent(email)}`, /Pending/);
  await other.close();
});
