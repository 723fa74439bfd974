// Coming in by a link that an administrator handed over: first a code goes to the address, and whoever has an account says so.
import { expectAccessibleInBothThemes } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { read } from './support/mail.ts';
import { ANNA, PASSWORD, fresh, invite, setUp, signIn } from './support/people.ts';

/** Two groups of four digits in a line of their own. */
const CODE = /^(\d{4} \d{4})\s*$/m;

test('whoever was handed a copied link comes in with the code from the mailbox', async ({
  page,
  context,
  browser,
  server,
  mails,
  javaScriptEnabled,
}) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  const address = fresh('handed');
  await invite(page, address);
  await page.goto('/users');
  await page.getByRole('link', { name: address }).first().click();
  await page.getByRole('button', { name: 'Copy link' }).click();
  const link = await page.getByRole('textbox', { name: /^Give this link only to/ }).inputValue();
  const card = page.url();

  const phone = await (await browser.newContext({ javaScriptEnabled, baseURL: server.url })).newPage();
  await phone.goto(link.replace(/^https?:\/\/[^/]+/, server.url));
  await phone.getByRole('link', { name: 'I have an account already' }).click();
  await expect(phone.getByRole('button', { name: 'Sign in and join' })).toBeVisible();
  await phone.getByRole('link', { name: 'I have no account yet' }).click();
  await expect(phone.getByRole('link', { name: 'Not for you? Tell Anna Petrova.' })).toHaveAttribute(
    'href',
    `mailto:${ANNA.email}`,
  );
  await expect(phone.getByLabel('Full name')).toHaveCount(0);
  if (javaScriptEnabled !== false) await expectAccessibleInBothThemes(phone, 'a copied link');
  await phone.getByRole('button', { name: 'Send the code' }).click();
  await expect(phone.getByRole('heading', { name: /^We sent a code to h…/ })).toBeVisible();
  await phone.reload();
  await phone.goBack();
  await phone.goForward();
  if (javaScriptEnabled !== false) await expectAccessibleInBothThemes(phone, 'the code of a copied link');
  const letter = () => mails.mails.filter((mail) => mail.to.includes(address)).map((mail) => read(mail.raw).text).find((text) => CODE.test(text));
  await expect.poll(() => Boolean(letter())).toBe(true);
  const code = CODE.exec(letter() ?? '')?.[1] ?? '';
  const wrong = code.startsWith('0') ? `1${code.slice(1)}` : `0${code.slice(1)}`;
  await phone.getByLabel('Code from the message').fill(wrong);
  await phone.getByRole('button', { name: 'Go on' }).click();
  await expect(phone.getByRole('alert')).toContainText('One answer needs another look');
  await expect(phone.getByRole('link', { name: /^This is not the code/ })).toBeVisible();
  await phone.getByLabel('Code from the message').fill(code);
  await phone.getByRole('button', { name: 'Go on' }).click();

  await phone.getByLabel('Full name').fill('Handed Over');
  await phone.locator('input[name=password]').fill(PASSWORD);
  await phone.getByRole('button', { name: 'Create account' }).click();
  await expect(phone.getByText('Your account is ready', { exact: false })).toBeVisible();
  await page.goto(card);
  await expect(page.getByText('Handed Over').first()).toBeVisible();
  await expect(page.getByText('Address not confirmed')).toHaveCount(0);
});
