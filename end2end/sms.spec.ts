// The main job by SMS: invited by a number alone, a text message at a real gateway, its short link, the registration, signed in with
// the number, seen in the table; a number put right; and without a gateway, the built-in mailbox.
import { expect, test as base, type Page } from '@playwright/test';

import { expectAccessible } from './support/axe.ts';
import { linkOf, startSmsSink } from './support/gateway.ts';
import { LEARNING, carryLinks, setUpAs } from './support/kinds.ts';
import { PASSWORD, untilListed } from './support/people.ts';
import { startServer, type Server } from './support/server.ts';

async function invite(page: Page, server: Server, whom: string) {
  await page.goto(`${server.url}/users/invite`);
  await page.getByRole('textbox', { name: 'Addresses' }).fill(whom);
  await page.getByRole('radio', { name: 'Learner' }).check();
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page.getByText('1 invitation leaves in a moment').first()).toBeVisible();
  await page.getByRole('button', { name: 'Send now' }).click();
  await expect(page.getByText('1 invitation is on its way', { exact: true }).first()).toBeVisible();
}

async function signIn(page: Page, server: Server, number: string) {
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel(/^E-mail( or (phone|login)|, phone or login)?/).fill(number);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: 'Account of Vera Orlova' })).toBeVisible();
}

base('invited by a number, registered by the link of an SMS', async ({ browser, javaScriptEnabled }) => {
  const gateway = await startSmsSink();
  const server = await startServer(gateway.settings);
  const own = await browser.newContext({ baseURL: server.url });
  const page = await own.newPage();
  try {
    await setUpAs(page, server, LEARNING);
    await carryLinks(page);
    await page.goto(`${server.url}/users/invite`);
    await expect(page.getByText('English: ').first()).toContainText('1 SMS part');
    await invite(page, server, 'Vera Orlova +375 29 123-45-67');

    const message = await gateway.textTo('+375291234567');
    expect(message.text).toContain('Anna Petrova invites you');
    await untilListed(page, `${server.url}/users?status=invited`, /Vera Orlova/);

    const phone = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const theirs = await phone.newPage();
    for (let scan = 0; scan < 5; scan += 1) await fetch(linkOf(message));
    await theirs.goto(linkOf(message));
    await expect(theirs).toHaveURL(/\/i\//);
    await expect(theirs.getByRole('heading', { name: 'Anna Petrova invites you as Learner' })).toBeVisible();
    await expect(theirs.locator('input[name=username]')).toHaveValue('+375291234567');
    await expect(theirs.locator('input[name=phone]')).toBeHidden();
    if (javaScriptEnabled) await expectAccessible(theirs, 'the page behind an SMS');
    await theirs.getByLabel('Full name').fill('Vera Orlova');
    await theirs.locator('input[name=password]').fill(PASSWORD);
    await theirs.getByRole('button', { name: 'Create account' }).click();
    await expect(theirs.getByRole('button', { name: 'Account of Vera Orlova' })).toBeVisible();
    await phone.close();

    const other = await browser.newContext();
    const elsewhere = await other.newPage();
    await signIn(elsewhere, server, '375 (29) 123 45 67');
    await other.close();

    await page.goto(`${server.url}/users`);
    await expect(page.getByRole('row', { name: /Vera Orlova/ }).getByText('Active')).toBeVisible();
  } finally {
    await own.close();
    await server.stop();
    await gateway.stop();
  }
});

base('without a gateway the SMS waits in the built-in mailbox', async ({ browser }) => {
  const server = await startServer();
  const own = await browser.newContext({ baseURL: server.url });
  const page = await own.newPage();
  try {
    await setUpAs(page, server, LEARNING);
    await carryLinks(page);
    await invite(page, server, 'Vera Orlova 79051111111');
    await page.goto(`${server.url}/mailbox`);
    await page.getByRole('link', { name: /invites you/ }).click();
    await expect(page.getByText('1 SMS part')).toBeVisible();
    const door = await page.getByRole('link', { name: 'Open the link' }).getAttribute('href');
    const theirs = await (await browser.newContext()).newPage();
    await theirs.goto(new URL(door ?? '', server.url).href);
    await expect(theirs.locator('input[name=username]')).toHaveValue('+79051111111');
  } finally {
    await own.close();
    await server.stop();
  }
});
