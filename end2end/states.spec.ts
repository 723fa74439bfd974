// Pages that one meets seldom: links for people who are known, spent or signed in as somebody else; questions that are asked
// of few; a list that could not be loaded. No axe violation in either theme, and a next step on each.
import type { Page } from '@playwright/test';

import { expectAccessibleInBothThemes } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { link } from './support/mail.ts';
import { ANNA, PASSWORD, fresh, invite, member, setUp, signIn } from './support/people.ts';

test.beforeEach(async ({ context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
});

/** A company beside the first one; ends on its page. */
async function addCompany(page: Page, name: string): Promise<string> {
  await page.goto('/units');
  const form = page.getByRole('region', { name: 'Add a unit' });
  await form.getByLabel('Name').fill(name);
  await form.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('rowheader', { name }).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  return page.url().split('/').pop() ?? '';
}

/** Invites somebody into a unit and answers with the link of that message. */
async function inviteInto(page: Page, unit: string, email: string) {
  await page.goto(`/users/invite?unit=${unit}`);
  await page.getByRole('textbox', { name: 'Addresses' }).fill(email);
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page).toHaveURL(/draft=/);
}

test('the pages of a link for whoever is known, is somebody else here, or has used it @desktop-only', async ({ page, browser, server, mails }) => {
  test.setTimeout(90_000);
  const unit = await addCompany(page, `Harbour ${Math.random().toString(36).slice(2, 7)}`);
  const [known, other] = [fresh('karl'), fresh('lotte')];
  const theirs = await member(browser, server, mails, { name: 'Karl Known', email: known, role: 'Employee' });
  const them = await theirs.newPage();
  const spent = link((await mails.mailTo(known)).raw, '/i/');
  await inviteInto(page, unit, known);
  await inviteInto(page, unit, other);

  await them.goto(spent);
  await expect(them.getByRole('heading', { name: 'You have registered already' })).toBeVisible();
  await expectAccessibleInBothThemes(them, 'a used link, signed in');
  const join = link((await mails.mailTo(known, 2)).raw, '/i/');
  await them.goto(join);
  await expect(them.getByRole('button', { name: 'Join', exact: true })).toBeVisible();
  await expectAccessibleInBothThemes(them, 'joining, signed in');
  await them.goto(link((await mails.mailTo(other)).raw, '/i/'));
  await expect(them.getByRole('heading', { name: 'Choose how to go on' })).toBeVisible();
  await expect(them.getByRole('link', { name: 'Stay signed in' })).toBeVisible();
  await expectAccessibleInBothThemes(them, 'signed in as somebody else');

  await theirs.clearCookies();
  await them.goto(spent);
  await expect(them.getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expectAccessibleInBothThemes(them, 'a used link');
  await them.goto(join);
  await expect(them.getByRole('button', { name: 'Sign in and join' })).toBeVisible();
  await expectAccessibleInBothThemes(them, 'joining');
  await them.locator('input[name=password]').fill('not this one at all');
  await them.getByRole('button', { name: 'Sign in and join' }).click();
  await expect(them.getByRole('alert')).toContainText('is not right');
  await expectAccessibleInBothThemes(them, 'joining with a wrong password');
  await them.locator('input[name=password]').fill(PASSWORD);
  await them.getByRole('button', { name: 'Sign in and join' }).click();
  await expect(them).not.toHaveURL(/\/i\//);
  await theirs.close();
});

test('the pages of a forgotten password, of what is not allowed, and of the rarer questions @desktop-only', async ({ page, browser, server, mails }) => {
  test.setTimeout(90_000);
  const email = fresh('moritz');
  const theirs = await member(browser, server, mails, { name: 'Moritz Moor', email, role: 'Dispatcher' });
  const them = await theirs.newPage();
  const refused = await them.goto('/users/invite');
  expect(refused?.status()).toBe(403);
  await expectAccessibleInBothThemes(them, 'what is not allowed');
  const closed = await them.goto('/settings');
  expect(closed?.status()).toBe(403);
  await expectAccessibleInBothThemes(them, 'a section that is not theirs');

  await page.goto(`/users?q=${encodeURIComponent(email)}`);
  const card = (await page.getByRole('link', { name: /Moritz Moor/ }).first().getAttribute('href')) ?? '';
  await page.goto(`${card}?do=reset`, { waitUntil: 'networkidle' });
  await expect(page.getByRole('alertdialog', { name: /Send Moritz Moor a link/ })).toBeVisible();
  await expectAccessibleInBothThemes(page, 'the question before a reset link');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Send link' }).click();
  await expect(page.getByText('The link is on its way.')).toBeVisible();

  await theirs.clearCookies();
  await them.goto(link((await mails.mailTo(email, 2)).raw, '/reset/'));
  await expect(them.getByLabel('Your sign-in')).toHaveValue(email);
  await expectAccessibleInBothThemes(them, 'a live reset link');
  await them.goto('/forgot');
  await them.getByLabel('E-mail').fill(email);
  await them.getByRole('button', { name: 'Send reset link' }).click();
  await expect(them).toHaveURL(/\/forgot\/sent/);
  await expectAccessibleInBothThemes(them, 'a reset link was sent');
  await theirs.close();

  await page.goto(`${card}?do=block`);
  await page.getByRole('button', { name: 'Block Moritz Moor' }).click();
  await expect(page.getByText('Blocked').first()).toBeVisible();
  await page.goto(`${card}?do=unblock`, { waitUntil: 'networkidle' });
  await expect(page.getByRole('alertdialog', { name: 'Unblock Moritz Moor?' })).toBeVisible();
  await expectAccessibleInBothThemes(page, 'the question before unblocking');
});

for (const [how, busy] of [['does not arrive', false], ['finds the server overloaded', true]] as const) {
  test(`a list whose question ${how} says so, keeps the filters, and is asked again by a click @script-only`, async ({ page }) => {
    await page.goto('/users', { waitUntil: 'networkidle' });
    let isBroken = true;
    await page.route('**/api/users?*', (route) => {
      if (!isBroken) return route.continue();
      return busy ? route.fulfill({ status: 503, json: 'Busy' }) : route.abort('connectionrefused');
    });
    const search = page.getByRole('searchbox');
    await search.fill('petrova');
    const trouble = page.getByRole('alert').filter({ hasText: 'Could not load users' });
    await expect(trouble).toContainText('Your filters are kept.');
    await expect(trouble).toContainText(busy ? 'more to do than it can take' : 'could not be reached');
    await expect(search).toHaveValue('petrova');
    await expect(page.getByRole('row', { name: /Anna Petrova/ })).toHaveCount(0);
    if (!busy) await expectAccessibleInBothThemes(page, 'a list that could not be loaded');

    isBroken = false;
    await trouble.getByRole('link', { name: 'Try again' }).click();
    await expect(page.getByRole('row', { name: /Anna Petrova/ })).toBeVisible();
    await expect(page).toHaveURL(/q=petrova/);
    await expect(search).toHaveValue('petrova');
    await expect(trouble).toHaveCount(0);
  });
}
