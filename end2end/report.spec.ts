// The security report (rule 67): asked for over the table or on the card, read on its page, sent to whoever asks.
import { expectAccessibleInBothThemes } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { ANNA, fresh, member, post, setUp, signIn } from './support/people.ts';

test.beforeEach(async ({ context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
});

test('a security report is read on its page, and sent to whoever asks for it', async ({ page, browser, server, mails, javaScriptEnabled }) => {
  const email = fresh('vera');
  await (await member(browser, server, mails, { name: 'Vera Vogel', email, role: 'Employee' })).close();
  for (let number = 0; number < 3; number += 1) {
    await post(server, '/sign-in', { username: email, password: 'not the right one' });
  }

  // From the row: over the table with script, by its card without.
  await page.goto(`/users?q=${encodeURIComponent(email)}`);
  if (javaScriptEnabled) {
    await page.getByRole('button', { name: /Vera Vogel/ }).click();
    await page.getByRole('menuitem', { name: 'Security report' }).click();
  } else {
    await page.getByRole('link', { name: /Vera Vogel/ }).first().click();
    await page.getByRole('link', { name: 'Security report' }).click();
  }
  const question = page.getByRole('alertdialog', { name: 'Security report about Vera Vogel' });
  await expect(question).toContainText(ANNA.email);
  await question.getByRole('button', { name: 'Send it to me' }).click();
  await expect(page.getByText('The report is on its way to you.')).toBeVisible();
  const reports = () => mails.mails.filter((mail) => mail.raw.includes('Subject: Security report: Vera Vogel'));
  await expect.poll(() => reports().length).toBe(1);
  expect(reports()[0]?.to).toEqual([ANNA.email]);

  // On its page.
  await page.goto(`/users?q=${encodeURIComponent(email)}`);
  await page.getByRole('link', { name: /Vera Vogel/ }).first().click();
  await page.getByRole('link', { name: 'Security report' }).click();
  await page.getByRole('link', { name: 'Read it here' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Security report: Vera Vogel' })).toBeVisible();
  await expect(page.getByText('3 failed attempts since the last sign-in.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Open sessions' })).toBeVisible();
  if (javaScriptEnabled) await expectAccessibleInBothThemes(page, 'a security report');
  await page.getByRole('button', { name: 'Send it to me' }).click();
  await expect(page.getByText('The report is on its way to you.')).toBeVisible();

  // Of everybody: whom something calls for a look at, by name.
  await page.goto('/audit');
  await expect(page.getByText('asked for a security report about Vera Vogel').first()).toBeVisible();
  await page.getByRole('link', { name: 'Security report' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Security report: ACME School' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Vera Vogel' })).toBeVisible();
  await expect(page.getByText('In numbers')).toBeVisible();
});
