// The main job, from an empty machine to a colleague who stands as Active in the table: with script, on a phone, and
// without script; by a real mail, and through the built-in mailbox.
import { expect, test as base } from '@playwright/test';

import { expectAccessibleInBothThemes } from './support/axe.ts';
import { link, read, subject } from './support/mail.ts';
import { ANNA, PASSWORD, untilListed } from './support/people.ts';
import { startServer, type Server } from './support/server.ts';
import { startSmtpSink } from './support/smtp.ts';
import type { Page } from '@playwright/test';

async function setUpByHand(page: Page, server: Server) {
  await page.goto(server.url);
  await expect(page).toHaveURL(/\/set-up$/);
  await page.getByLabel('Set-up code').fill('AAAA-AAAA');
  await page.getByLabel('Full name').fill(ANNA.name);
  await page.getByLabel('E-mail').fill(ANNA.email);
  await page.locator('input[name=password]').fill(ANNA.password);
  await page.getByRole('textbox', { name: 'Organisation' }).fill('ACME School');
  await page.getByLabel('Time zone').fill('Europe/Minsk');
  await page.getByRole('button', { name: 'Finish and invite people' }).click();
  await expect(page.getByText('This code does not match').first()).toBeVisible();
  await expect(page.getByLabel('Full name')).toHaveValue(ANNA.name);
  await page.getByLabel('Set-up code').fill(await server.setUpCode());
  await page.locator('input[name=password]').fill(ANNA.password);
  await page.getByRole('button', { name: 'Finish and invite people' }).click();
  await expect(page).toHaveURL(/\/users/);
}

async function inviteIvan(page: Page, server: Server) {
  await page.goto(`${server.url}/users`);
  await page.getByRole('link', { name: 'Invite people' }).first().click();
  await expect(page).toHaveURL(/\/users\/invite/);
  await page.getByRole('textbox', { name: 'Addresses' }).fill('Ivan Petrov <ivan-petrov@acme.example>');
  await page.getByRole('radio', { name: 'Dispatcher' }).check();
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page.getByText('1 invitation leaves in a moment').first()).toBeVisible();
  await page.getByRole('button', { name: 'Send now' }).click();
  await expect(page.getByText('1 invitation is on its way', { exact: true }).first()).toBeVisible();
}

async function seeThemActive(page: Page, server: Server) {
  await page.goto(`${server.url}/users`);
  const row = page.getByRole('row', { name: /Ivan Petrov/ });
  await expect(row.getByText('Active')).toBeVisible();
  await expect(row.getByText('Dispatcher')).toBeVisible();
}

// Rule 15: alone from then on, with the address and the new password.
base('invite, mail, register, sign in, seen in the table', async ({ browser, page }) => {
  const mails = await startSmtpSink();
  const server = await startServer({ USHER_SMTP_URL: mails.url });
  try {
    await setUpByHand(page, server);
    await inviteIvan(page, server);

    const mail = await mails.mailTo('ivan-petrov@acme.example');
    expect(subject(mail.raw)).toBe('Anna Petrova invites you to ACME School');
    expect(read(mail.raw).text).toContain('Dispatcher');
    await untilListed(page, `${server.url}/users?status=invited`, /ivan-petrov/);
    await expect(page.getByRole('row', { name: /ivan-petrov/ }).getByText('Pending')).toBeVisible();

    const phone = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const theirs = await phone.newPage();
    const door = link(mail.raw, '/i/');
    for (let scan = 0; scan < 5; scan += 1) await fetch(door);
    await theirs.goto(door);
    await expect(theirs.getByRole('heading', { name: 'Anna Petrova invites you as Dispatcher' })).toBeVisible();
    // Rule 77.
    await expect(theirs.getByLabel('First name')).toHaveValue('Ivan');
    await expect(theirs.getByLabel('Last name')).toHaveValue('Petrov');
    await theirs.locator('input[name=password]').fill('short');
    await theirs.locator('input[name=password]').fill(PASSWORD);
    await theirs.getByRole('button', { name: 'Create account' }).click();
    await expect(theirs).toHaveURL(/\/$/);
    await theirs.getByRole('link', { name: 'Users' }).last().click();
    await expect(theirs.getByText('View only').first()).toBeVisible();

    await seeThemActive(page, server);

    // The link is spent, and says what to do next.
    await phone.clearCookies();
    await theirs.goto(door);
    await expect(theirs.getByRole('heading', { name: 'You have registered already' })).toBeVisible();
    await theirs.goto(`${server.url}/sign-in`);
    await theirs.getByLabel(/^E-mail( or (phone|login)|, phone or login)?/).fill('Ivan-Petrov@acme.example');
    await theirs.locator('input[name=password]').fill('wrong password here');
    await theirs.getByRole('button', { name: 'Sign in' }).click();
    await expect(theirs.getByText('is not right').first()).toBeVisible();
    await theirs.locator('input[name=password]').fill(PASSWORD);
    await theirs.getByRole('button', { name: 'Sign in' }).click();
    await expect(theirs).toHaveURL(/\/users/);
    await phone.close();
  } finally {
    await server.stop();
    await mails.stop();
  }
});

base('without a relay the message waits in the built-in mailbox', async ({ browser, page, javaScriptEnabled }) => {
  const server = await startServer();
  try {
    await page.goto(`${server.url}/set-up`);
    if (javaScriptEnabled) await expectAccessibleInBothThemes(page, 'set-up');
    await setUpByHand(page, server);
    await inviteIvan(page, server);
    await page.goto(`${server.url}/users`);
    await expect(page.getByRole('row', { name: /Ivan Petrov/ }).getByText('Sending')).toBeVisible();
    await page.goto(`${server.url}/mailbox`);
    if (javaScriptEnabled) await expectAccessibleInBothThemes(page, 'the mailbox');
    await page.getByRole('link', { name: /invites you to ACME School/ }).click();
    await expect(page.getByRole('heading', { name: /invites you to ACME School/ })).toBeVisible();
    const door = await page.getByRole('link', { name: 'Open the link' }).getAttribute('href');

    const other = await browser.newContext();
    const theirs = await other.newPage();
    await theirs.goto(new URL(door ?? '', server.url).href);
    await theirs.locator('input[name=password]').fill(PASSWORD);
    await theirs.getByRole('button', { name: 'Create account' }).click();
    await expect(theirs).toHaveURL(/\/$/);
    await other.close();
    await seeThemActive(page, server);
  } finally {
    await server.stop();
  }
});

base('what was sent is held for a moment, and can be taken back', async ({ page, javaScriptEnabled }) => {
  const mails = await startSmtpSink();
  const server = await startServer({ USHER_SMTP_URL: mails.url });
  try {
    await setUpByHand(page, server);
    await page.goto(`${server.url}/settings`);
    await page.getByLabel('Seconds before new invitations leave').fill('2');
    await page.getByRole('region', { name: 'Invitations' }).getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('status').getByText('Saved')).toBeVisible();

    const send = async () => page.getByRole('button', { name: /^Send \d|^Send invitations/ }).click();
    await page.goto(`${server.url}/users/invite`);
    await page.getByRole('textbox', { name: 'Addresses' }).fill('Ivan Petrov <ivan-petrov@acme.example>');
    await page.getByRole('radio', { name: 'Dispatcher' }).check();
    await send();
    await page.getByRole('button', { name: 'Undo' }).click();
    // The row stands in the form again, with everything that was chosen.
    await expect(page.getByText('ivan-petrov@acme.example').first()).toBeVisible();
    await expect(page.getByRole('radio', { name: 'Dispatcher' })).toBeChecked();
    await expect(page.getByRole('button', { name: 'Send 1 invitation' })).toBeVisible();
    await page.waitForTimeout(2_500);
    expect(mails.mails).toEqual([]);

    await send();
    await expect(page.getByText('1 invitation leaves in a moment').first()).toBeVisible();
    if (javaScriptEnabled !== false) {
      await expect(page.getByText('1 invitation is on its way', { exact: true }).last()).toBeVisible();
      await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
    }
    await mails.mailTo('ivan-petrov@acme.example');
    expect(mails.mails.length).toBe(1);
  } finally {
    await server.stop();
    await mails.stop();
  }
});
