// What people agree to (rules 48, 49): the boxes of the registration page with their texts, the page between somebody and their work
// when a text has changed, and the way to take it back; with script and without.
import { expect, test as base, type Browser, type Page } from '@playwright/test';

import { BOOKING, addPart, fillInvitation, openInvitation, seeActive, send, setUpAs, tickWhatMustBe } from './support/kinds.ts';
import { PASSWORD } from './support/people.ts';
import { startServer, type Server } from './support/server.ts';
import { startSmtpSink, type SmtpSink } from './support/smtp.ts';

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

test.describe.configure({ timeout: 120_000 });

const WHO = { name: 'Sonya Lis', email: 'sonya@linden.example', role: 'Specialist' };

/** A chain with a branch, set up in a browser with script, and the page of an invitation in one as the test's own. */
async function invited(page: Page, browser: Browser, server: Server, mails: SmtpSink, javaScriptEnabled: boolean) {
  const office = await browser.newContext({ baseURL: server.url, javaScriptEnabled: true });
  const admin = await office.newPage();
  await setUpAs(admin, server, BOOKING);
  const unit = await addPart(admin, BOOKING, 'Lime Street');
  const since = Date.now();
  await fillInvitation(admin, BOOKING, unit, WHO);
  await send(admin);
  const opened = await openInvitation(browser, server, mails, BOOKING, WHO, since);
  const address = opened.page.url();
  await opened.context.close();
  await page.goto(address);
  if (javaScriptEnabled) await expect(page.locator('form.card[novalidate]')).toBeVisible();
  return { admin, unit };
}

const boxes = (page: Page) => ({
  terms: page.getByRole('checkbox', { name: 'I accept the user agreement' }),
  data: page.getByRole('checkbox', { name: 'I agree to the processing of my personal data' }),
  news: page.getByRole('checkbox', { name: 'I want to get information messages' }),
  button: page.getByRole('button', { name: 'Create account' }),
});

test('both agreements are read and ticked, messages are free, and a changed text is asked again', async ({ page, browser, server, mails, javaScriptEnabled }) => {
  const { admin, unit } = await invited(page, browser, server, mails, javaScriptEnabled ?? true);
  const { terms, data, news, button } = boxes(page);
  for (const box of [terms, data, news]) await expect(box).not.toBeChecked();
  await expect(page.locator('.choice').filter({ has: terms }).locator('.required-mark')).toBeVisible();
  await expect(page.locator('.choice').filter({ has: news }).locator('.required-mark')).toHaveCount(0);
  await page.locator('input[name=phone]').fill('+375 29 555-44-33');
  await page.locator('input[name=password]').fill(PASSWORD);
  // The text opens beside the page: nothing that was typed is lost.
  const [text] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: /^User agreement, version 1/ }).click(),
  ]);
  await expect(text.getByRole('heading', { level: 1, name: 'User agreement' })).toBeVisible();
  await expect(text.getByText('SAMPLE. Replace this text')).toBeVisible();
  await text.close();
  await expect(page.locator('input[name=phone]')).toHaveValue('+375 29 555-44-33');

  await terms.check();
  await button.click();
  await expect(page).toHaveURL(/\/i\//);
  await expect(data).toBeFocused();
  if (javaScriptEnabled ?? true) {
    await expect(page.getByText('Tick this box to go on: the account cannot be kept')).toBeVisible();
    await expect(page.getByText('Tick this box to go on: nobody can use')).toBeHidden();
    // In the other language it says the same, and the ticks stay.
    await page.getByRole('button', { name: 'Русский' }).click();
    await expect(page.getByRole('checkbox', { name: 'Принимаю пользовательское соглашение' })).toBeChecked();
    await expect(page.getByText('Отметьте это поле, чтобы продолжить: без обработки')).toBeVisible();
    await page.screenshot({ path: `results/agreements-${test.info().project.name}.png`, fullPage: true });
    await page.getByRole('button', { name: 'English' }).click();
  }
  await data.check();
  await expect(page.getByText(/^Tick this box to go on/).first()).toBeHidden();
  await button.click();
  await expect(page).not.toHaveURL(/\/i\//);
  await seeActive(admin, unit, WHO);

  // What was agreed to stands on the card and in the profile.
  await admin.getByRole('link', { name: WHO.name }).first().click();
  await expect(admin.getByText('Sonya Lis agreed: Personal-data agreement, version 1 (English)')).toBeVisible();
  await expect(admin.getByText('Sonya Lis did not agree: Information messages, version 1')).toBeVisible();
  await page.goto('/me');
  await expect(page.getByText(/^You agreed to version 1/)).toHaveCount(2);
  await page.getByRole('button', { name: 'Get information messages' }).click();
  await expect(page.getByText(/^You get information messages/)).toBeVisible();

  // A changed text is asked on the next page.
  await admin.goto('/settings/agreements?kind=personal-data');
  await admin.getByLabel('Text (English)').fill('What is new about your data.');
  await admin.getByRole('button', { name: 'Save and publish' }).click();
  await expect(admin.getByRole('link', { name: 'Version 2' })).toBeVisible();
  await page.goto('/me');
  await expect(page.getByRole('heading', { name: 'Before you go on' })).toBeVisible();
  await expect(page.getByText('What is new about your data.')).toBeVisible();
  await page.screenshot({ path: `results/agreements-between-${test.info().project.name}.png`, fullPage: true });
  await tickWhatMustBe(page);
  await page.getByRole('button', { name: 'Agree and go on' }).click();
  await expect(page).toHaveURL(/\/me$/);

  // Taken back, the account is closed until it is agreed to again.
  await page.getByText('Withdraw…').first().click();
  await expect(page.getByText('Your account is closed for use then').first()).toBeVisible();
  await page.getByRole('button', { name: 'Withdraw the agreement' }).first().click();
  await expect(page.getByRole('heading', { name: 'Before you go on' })).toBeVisible();
  await page.goto('/shifts');
  await expect(page.getByRole('heading', { name: 'Before you go on' })).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
});
