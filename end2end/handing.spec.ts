// Handing an invitation over beside copying its link, and reminding of it: from the row's menu and the selection, on the card.
import { expectAccessibleInBothThemes } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { link } from './support/mail.ts';
import { ANNA, fresh, invite, setUp, signIn, untilListed } from './support/people.ts';

test.beforeEach(async ({ context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
});

test('an invitation is shown as a QR code, shared, and printed as a letter with a code to type', async ({ page, browser, javaScriptEnabled }) => {
  const email = fresh('hanna');
  await invite(page, `Hanna Hand <${email}>`);
  const list = `/users?q=${encodeURIComponent(email)}`;
  await untilListed(page, list, /Hanna Hand.*Pending/);
  if (javaScriptEnabled) {
    await page.getByRole('button', { name: /Hanna Hand/ }).click();
    await page.getByRole('menuitem', { name: 'Show QR' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Show QR' }).click();
    await expect(page.getByRole('img', { name: 'The invitation as a QR code' })).toBeVisible();
    await expectAccessibleInBothThemes(page, 'a QR code');
    await page.getByRole('link', { name: 'Close' }).click();
  }
  await page.goto(list);
  await page.getByRole('link', { name: /Hanna Hand/ }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: /Hanna Hand/ })).toBeVisible();
  await page.getByRole('button', { name: 'Show QR' }).click();
  await expect(page.getByRole('img', { name: 'The invitation as a QR code' })).toBeVisible();
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.getByRole('textbox', { name: /Send this only to/ })).toHaveValue(/invites you to .*\/i\//);
  await expect(page.getByRole('link', { name: 'Telegram' })).toHaveAttribute('href', /^https:\/\/t\.me\/share/);
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Letter' }).click();
  const letter = await opened;
  await expect(letter.getByRole('heading', { name: /^Your invitation to/ })).toBeVisible();
  const code = (await letter.locator('.code').innerText()).trim();

  const phone = await (await browser.newContext()).newPage();
  await phone.goto(new URL('/i', page.url()).href);
  await phone.locator('input[name=link]').fill(code.toLowerCase());
  await phone.locator('input[name=link]').press('Enter');
  await expect(phone.getByRole('button', { name: 'Send the code' })).toBeVisible();
  await phone.context().close();
});

test('somebody is reminded with the same link, once a day, and the row says so', async ({ page, mails }) => {
  const email = fresh('remi');
  await invite(page, `Remi Remind <${email}>`);
  const list = `/users?q=${encodeURIComponent(email)}`;
  await untilListed(page, list, /Remi Remind.*Pending/);
  await page.getByRole('link', { name: /Remi Remind/ }).first().click();
  await page.getByRole('link', { name: 'Remind', exact: true }).click();
  await page.getByRole('button', { name: 'Send reminder' }).click();
  await expect(page.getByText('A reminder is on its way.')).toBeVisible();
  const links = await Promise.all([1, 2].map(async (number) => link((await mails.mailTo(email, number)).raw, '/i/')));
  expect(links[1]).toBe(links[0]);
  await untilListed(page, list, /reminded today/);
});
