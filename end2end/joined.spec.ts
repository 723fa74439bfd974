// Coming in by a link that an administrator handed over: the address is not shown to be one's own until its message is
// answered, and the page asks whether one has an account.
import { expectAccessibleInBothThemes } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { read } from './support/mail.ts';
import { ANNA, PASSWORD, fresh, invite, setUp, signIn } from './support/people.ts';

test('who joined by a copied link confirms the address by the button of a message', async ({
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
  await expect(phone.getByRole('link', { name: 'Wrong address? Tell Anna Petrova.' })).toHaveAttribute(
    'href',
    `mailto:${ANNA.email}`,
  );
  await phone.getByLabel('Full name').fill('Handed Over');
  await phone.locator('input[name=password]').fill(PASSWORD);
  await phone.getByRole('button', { name: 'Create account' }).click();
  await expect(phone).toHaveURL(/\/me/);
  await page.goto(card);
  await expect(page.getByText('Address not confirmed')).toBeVisible();

  const asking = () => mails.mails.find((mail) => mail.to.includes(address) && read(mail.raw).text.includes('/confirm/'));
  await expect.poll(() => Boolean(asking())).toBe(true);
  const [path] = /\/confirm\/[\w-]+/.exec(read(asking()?.raw ?? '').text) ?? [''];
  await phone.goto(path);
  await expect(phone.getByRole('heading', { name: 'Confirm address' })).toBeVisible();
  if (javaScriptEnabled !== false) await expectAccessibleInBothThemes(phone, 'confirm');
  await phone.getByRole('button', { name: 'Confirm address' }).click();
  await expect(phone.getByRole('heading', { name: 'Your address is confirmed' })).toBeVisible();
  await page.goto(card);
  await expect(page.getByText('Address not confirmed')).toHaveCount(0);
  await expect(page.getByText('confirmed the address')).toBeVisible();
});
