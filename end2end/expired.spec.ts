// A link whose time is over: the page says since when, a new one goes to the same mailbox by one click, and the old one
// stays dead. Nobody can wait for that in a browser, so the time passes in the database.
import { expectAccessibleInBothThemes } from './support/axe.ts';
import { expireInvitations } from './support/database.ts';
import { expect, test } from './support/fixtures.ts';
import { link } from './support/mail.ts';
import { ANNA, PASSWORD, fresh, invite, setUp, signIn, untilListed } from './support/people.ts';

test('an expired link says so, and brings a new one to the same mailbox', async ({ page, context, browser, server, mails, javaScriptEnabled }) => {
  test.setTimeout(60_000);
  await setUp(server);
  await signIn(context, server, ANNA);
  const email = fresh('late');
  await invite(page, `Lena Late <${email}>`);
  const old = link((await mails.mailTo(email)).raw, '/i/');
  expireInvitations(server.env.USHER_DATABASE_URL ?? '', email);
  await untilListed(page, `/users?q=${encodeURIComponent(email)}`, /Lena Late.*Expired/);
  // The row of a person says so at once, the views by status some seconds later.
  await expect(async () => {
    await page.goto('/invitations?status=expired');
    await expect(page.getByRole('link', { name: email })).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 15_000 });

  const own = await browser.newContext();
  const theirs = await own.newPage();
  const answer = await theirs.goto(old);
  expect(answer?.status()).toBe(410);
  await expect(theirs.getByRole('heading', { level: 1, name: /^This link expired on \d/ })).toBeVisible();
  await expect(theirs.getByText(ANNA.name).first()).toBeVisible();
  if (javaScriptEnabled !== false) await expectAccessibleInBothThemes(theirs, 'an expired link');
  await theirs.getByRole('button', { name: 'Send me a new link' }).click();
  await expect(theirs.getByRole('heading', { name: 'A new link is on its way' })).toBeVisible();
  // Whoever holds an old link learns no address from it.
  await expect(theirs.getByText(email)).toHaveCount(0);
  if (javaScriptEnabled !== false) await expectAccessibleInBothThemes(theirs, 'a new link on its way');

  const next = link((await mails.mailTo(email, 2)).raw, '/i/');
  await theirs.goto(old);
  await expect(theirs.getByRole('heading', { name: 'There is a newer link' })).toBeVisible();
  await theirs.goto(next);
  await theirs.locator('input[name=password]').fill(PASSWORD);
  await theirs.getByRole('button', { name: 'Create account' }).click();
  await expect(theirs).not.toHaveURL(/\/i\//);
  await untilListed(page, `/users?q=${encodeURIComponent(email)}`, /Lena Late.*Active/);
  await own.close();
});
