// One person with an e-mail address and a number: the invitation goes both ways, to a real relay and to a real gateway; whoever comes
// in by one link finds the other one used. The number is typed beside the address, or into a field of its own.
import { expect, test as base, type Page } from '@playwright/test';

import { linkOf, startSmsSink } from './support/gateway.ts';
import { LEARNING, carryLinks, setUpAs } from './support/kinds.ts';
import { link } from './support/mail.ts';
import { PASSWORD, untilListed } from './support/people.ts';
import { startServer } from './support/server.ts';
import { startSmtpSink } from './support/smtp.ts';

/** Sends what stands in the form to one person. */
async function send(page: Page) {
  await page.getByRole('radio', { name: 'Learner' }).check();
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page.getByText('1 invitation leaves in a moment').first()).toBeVisible();
  await page.getByRole('button', { name: 'Send now' }).click();
  await expect(page.getByText('1 invitation is on its way', { exact: true }).first()).toBeVisible();
}

/** Registers behind a link. */
async function register(page: Page, door: string, name: string) {
  await page.goto(door);
  await page.getByLabel('Full name').fill(name);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('button', { name: `Account of ${name}` })).toBeVisible();
}

base('an e-mail and an SMS to one person, either of which is enough', async ({ browser, javaScriptEnabled }) => {
  base.setTimeout(90_000);
  const gateway = await startSmsSink();
  const relay = await startSmtpSink();
  const server = await startServer({ ...gateway.settings, USHER_SMTP_URL: relay.url });
  const own = await browser.newContext({ baseURL: server.url });
  const page = await own.newPage();
  try {
    await setUpAs(page, server, LEARNING);
    await carryLinks(page);

    // Pasted with the number beside it.
    await page.goto(`${server.url}/users/invite`);
    await page.getByRole('textbox', { name: 'Addresses' }).fill('Vera Orlova <vera@acme.example> +375 29 123-45-67');
    await send(page);
    const text = await gateway.textTo('+375291234567');
    const letter = await relay.mailTo('vera@acme.example');
    await untilListed(page, `${server.url}/users?status=invited`, /Vera Orlova/);

    const phone = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const theirs = await phone.newPage();
    await register(theirs, linkOf(text), 'Vera Orlova');
    // The link of the letter is done with.
    const desk = await browser.newContext();
    const late = await desk.newPage();
    const answer = await late.goto(link(letter.raw, '/i/'));
    expect(answer?.status()).toBe(410);
    await expect(late.getByText(/already/i).first()).toBeVisible();
    await desk.close();

    // The number is theirs; the address has not answered yet, and does so by a letter of its own.
    await page.goto(`${server.url}/users`);
    await page.getByRole('link', { name: 'Vera Orlova', exact: true }).click();
    await expect(page.getByText('vera@acme.example').first()).toBeVisible();
    await expect(page.getByText('Address not confirmed')).toBeVisible();
    const asked = await relay.mailTo('vera@acme.example', 2);
    await theirs.goto(link(asked.raw, '/confirm/'));
    await theirs.getByRole('button', { name: 'Confirm address' }).click();
    await expect(theirs.getByText(/is confirmed/)).toBeVisible();
    await page.reload();
    await expect(page.getByText('Address not confirmed')).toHaveCount(0);
    await phone.close();

    // Into the fields of a row: by the letter this time.
    await page.goto(`${server.url}/users/invite`);
    if (javaScriptEnabled) {
      await page.getByRole('button', { name: 'Add a person' }).click();
      await page.getByRole('textbox', { name: 'E-mail address of this person' }).fill('oleg@acme.example');
      await page.getByRole('textbox', { name: 'Phone number, if there is one' }).fill('+375 29 765-43-21');
      await page.getByRole('textbox', { name: 'Name, if you know it' }).fill('Oleg Lis');
    } else {
      // A number that is none stays with its address, in a field in which it is put right.
      await page.getByRole('textbox', { name: 'Addresses' }).fill('oleg@gmial.com +375 29 765-43-21');
      await page.getByRole('button', { name: 'Check addresses' }).click();
      await expect(page.getByText('+375297654321')).toBeVisible();
      await page.getByRole('radio', { name: 'Keep oleg@gmial.com' }).check();
    }
    const address = javaScriptEnabled ? 'oleg@acme.example' : 'oleg@gmial.com';
    await send(page);
    if (javaScriptEnabled) {
      await page.goto(`${server.url}/users?q=${encodeURIComponent(address)}`);
      await expect(page.getByRole('link', { name: 'Oleg Lis' }).first()).toBeVisible();
    }
    const second = await gateway.textTo('+375297654321');
    const mail = await relay.mailTo(address);
    const other = await browser.newContext();
    const oleg = await other.newPage();
    await register(oleg, link(mail.raw, '/i/'), 'Oleg Lis');
    const used = await oleg.context().browser()?.newContext();
    const again = await used?.newPage();
    const gone = await again?.goto(linkOf(second));
    expect(gone?.status()).toBe(410);
    await used?.close();
    await other.close();
  } finally {
    await own.close();
    await server.stop();
    await relay.stop();
    await gateway.stop();
  }
});
