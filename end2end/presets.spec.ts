// One journey for each kind of organisation (the dispatch system's is the main job): set up as one, with a unit of its kind,
// somebody invited there by mail who registers, and stands as Active in the table; all in that organisation's own words.
import { execFileSync } from 'node:child_process';

import { expect, test as base } from '@playwright/test';

import {
  BOOKING,
  LEARNING,
  PORTAL,
  SCHOOL,
  addPart,
  bringIn,
  cardOf,
  fillInvitation,
  openInvitation,
  registerWith,
  seeActive,
  seeItsRoles,
  send,
  setUpAs,
  tickWhatMustBe,
} from './support/kinds.ts';
import { PASSWORD } from './support/people.ts';
import { BINARY, startServer, type Server } from './support/server.ts';
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

test.describe.configure({ timeout: 90_000 });

test('a school: a teacher joins a team, leaves into the archive and comes back as a teacher @desktop-only', async ({ page, browser, server, mails }) => {
  await setUpAs(page, server, SCHOOL);
  await seeItsRoles(page, SCHOOL);
  const unit = await addPart(page, SCHOOL, 'Lime Street');
  const who = { name: 'Tom Teacher', email: 'tom@linden.example', role: 'Teacher' };
  const theirs = await bringIn(page, browser, server, mails, SCHOOL, unit, who);

  // Rule 1: who leaves is archived, out of the ordinary list, with everything kept.
  const card = await cardOf(page, who);
  await page.goto(`${card}?do=archive`);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Archive Tom Teacher' }).click();
  await expect(page.getByText('Archived', { exact: true }).first()).toBeVisible();
  const them = await theirs.newPage();
  await them.goto('/me');
  await expect(them).toHaveURL(/\/sign-in/);
  await them.getByLabel(/^E-mail( or (phone|login)|, phone or login)?/).fill(who.email);
  await them.locator('input[name=password]').fill(PASSWORD);
  await them.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(them.getByRole('alert')).toBeVisible();
  await page.goto('/users');
  await expect(page.getByRole('row', { name: /Anna Petrova/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /Tom Teacher/ })).toHaveCount(0);
  await page.getByRole('link', { name: /^Archived/ }).click();
  await page.getByRole('row', { name: /Tom Teacher/ }).getByRole('link', { name: /Tom Teacher/ }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Tom Teacher' })).toBeVisible();

  await page.goto(`${card}?do=back`);
  await page.getByRole('alertdialog').getByRole('button', { name: /back/i }).click();
  await expect(page.getByText('Brought back.')).toBeVisible();
  await seeActive(page, unit, who);
  await them.goto('/sign-in');
  await them.getByLabel(/^E-mail( or (phone|login)|, phone or login)?/).fill(who.email);
  await them.locator('input[name=password]').fill(PASSWORD);
  await them.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(them.getByRole('button', { name: 'Account of Tom Teacher' })).toBeVisible();
  await theirs.close();
});

test('a learning platform: a tutor joins a group, and sees its people but changes nobody @desktop-only', async ({ page, browser, server, mails }) => {
  await setUpAs(page, server, LEARNING);
  await seeItsRoles(page, LEARNING);
  const unit = await addPart(page, LEARNING, 'Lime Street');
  const learner = { name: 'Lea Learner', email: 'lea@linden.example', role: 'Learner' };
  const tutor = { name: 'Tilo Tutor', email: 'tilo@linden.example', role: 'Tutor' };
  const learnerContext = await bringIn(page, browser, server, mails, LEARNING, unit, learner);
  const tutorContext = await bringIn(page, browser, server, mails, LEARNING, unit, tutor);

  const tutorPage = await tutorContext.newPage();
  await tutorPage.goto('/users');
  await expect(tutorPage.getByRole('row', { name: /Lea Learner/ })).toBeVisible();
  await expect(tutorPage.getByRole('row', { name: /Anna Petrova/ })).toHaveCount(0);
  await expect(tutorPage.getByText(/^View only/).first()).toBeVisible();
  await tutorPage.goto('/invitations');
  await expect(tutorPage.getByRole('heading', { level: 1, name: 'Invitations' })).toBeVisible();
  const learnerPage = await learnerContext.newPage();
  expect((await learnerPage.goto('/users'))?.status()).toBe(403);
  await tutorContext.close();
  await learnerContext.close();
});

// Rules 33 and 34.
test('a learning platform: five filters stand beside the list, above it on a phone, and lead to who they say', async ({ page, server, javaScriptEnabled, viewport }) => {
  await setUpAs(page, server, LEARNING);
  const unit = await addPart(page, LEARNING, 'Lime Street');
  await fillInvitation(page, LEARNING, unit, { name: 'Lea Learner', email: 'lea@linden.example', role: 'Learner' });
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page).toHaveURL(/draft=/);
  await page.goto('/users');
  const panel = page.getByRole('navigation', { name: 'Invitation status' });
  await expect(panel.getByRole('link')).toHaveText([/^All\s*2$/, /^Invited\s*\d?$/, /^Not invited$/, /^Waiting\s*\d?$/, /^Error\s*\d?$/]);
  const [filters, table] = [await panel.boundingBox(), await page.getByRole('table').boundingBox()];
  if (!filters || !table) throw new Error('nothing to be seen');
  if ((viewport?.width ?? 0) >= 800) expect(filters.x + filters.width).toBeLessThanOrEqual(table.x);
  else expect(filters.y + filters.height).toBeLessThanOrEqual(table.y);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);

  await page.evaluate(() => { document.body.dataset.marked = 'yes'; }).catch(() => {});
  await panel.getByRole('link', { name: /^Invited/ }).click();
  await expect(page).toHaveURL(/status=any-invited$/);
  await expect(panel.getByRole('link', { name: /^Invited/ })).toHaveAttribute('aria-current', 'page');
  await expect(page.getByRole('row', { name: /Anna Petrova/ })).toBeVisible();
  await panel.getByRole('link', { name: /^Not invited/ }).click();
  await expect(page.getByRole('heading', { name: 'Nobody matches status Not invited' })).toBeVisible();
  await expect(page.getByRole('row', { name: /Anna Petrova/ })).toHaveCount(0);
  if (javaScriptEnabled !== false) await expect(page.locator('body')).toHaveAttribute('data-marked', 'yes');
  await page.goBack();
  await expect(page.getByRole('row', { name: /Anna Petrova/ })).toBeVisible();
  await panel.getByRole('link', { name: /^All/ }).click();
  await expect(page).toHaveURL(/\/users$/);
  await expect(page.getByRole('row', { name: /lea@linden/ })).toBeVisible();
});

test('a booking chain: nobody alone makes a branch administrator, while an accountant comes at once @desktop-only', async ({ page, browser, server, mails }) => {
  await setUpAs(page, server, BOOKING);
  await seeItsRoles(page, BOOKING);
  const unit = await addPart(page, BOOKING, 'Lime Street');
  const accountant = { name: 'Ada Account', email: 'ada@linden.example', role: 'Accountant' };
  await (await bringIn(page, browser, server, mails, BOOKING, unit, accountant)).close();

  // Rule 53.
  const who = { name: 'Bruno Branch', email: 'bruno@linden.example', role: 'Branch administrator' };
  await fillInvitation(page, BOOKING, unit, who);
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page.getByText(/waits for a second administrator/).first()).toBeVisible();
  const card = await cardOf(page, who);
  await page.goto(`${card}?do=approve`);
  await expect(page.getByRole('alertdialog')).toContainText('Somebody else than whoever proposed it has to agree');
  await expect(page.getByRole('button', { name: 'Approve and send' })).toHaveCount(0);
  expect(mails.mails.filter((mail) => mail.to.includes(who.email))).toEqual([]);

  const olga = ['--email', 'olga@linden.example', '--name', 'Olga Owner'];
  execFileSync(BINARY, ['create-admin', ...olga], { env: server.env, cwd: server.dataDir, input: `${PASSWORD}\n`, stdio: 'pipe' });
  const second = await browser.newContext({ baseURL: server.url });
  const approver = await second.newPage();
  await approver.goto('/sign-in');
  await approver.getByLabel(/^E-mail( or (phone|login)|, phone or login)?/).fill('olga@linden.example');
  await approver.locator('input[name=password]').fill(PASSWORD);
  await approver.getByRole('button', { name: 'Sign in', exact: true }).click();
  // Rule 48: also whoever never saw the page of an invitation.
  await expect(approver).toHaveURL(/\/agreements/);
  await tickWhatMustBe(approver);
  await approver.getByRole('button', { name: 'Agree and go on' }).click();
  await expect(approver.getByRole('heading', { name: 'Hello, Olga Owner' })).toBeVisible();
  await approver.goto(`${card}?do=approve`);
  await expect(approver.getByRole('alertdialog')).toContainText('Anna Petrova offers: Branch administrator');
  const since = Date.now();
  await approver.getByRole('button', { name: 'Approve and send' }).click();
  const { context, page: theirs } = await openInvitation(browser, server, mails, BOOKING, who, since);
  await registerWith(theirs, who.name, PASSWORD);
  await seeActive(page, unit, who);

  // Bruno runs the branch, and makes no administrators.
  await theirs.goto('/users/invite');
  await expect(theirs.getByRole('radio', { name: 'Specialist', exact: true })).toBeVisible();
  await expect(theirs.getByRole('radio', { name: /administrator/ })).toHaveCount(0);
  await context.close();
  await second.close();
});

test('a client portal: an extra permission comes with the invitation, and passwords need four kinds of characters @desktop-only', async ({ page, browser, server, mails }) => {
  await setUpAs(page, server, PORTAL);
  await seeItsRoles(page, PORTAL);
  const unit = await addPart(page, PORTAL, 'Lime Street');
  const plain = { name: 'Paul Plain', email: 'paul@linden.example', role: 'Client' };
  const theirs = await bringIn(page, browser, server, mails, PORTAL, unit, plain);
  const them = await theirs.newPage();
  expect((await them.goto('/users'))?.status()).toBe(403);
  await theirs.close();

  // Rule 59: the role, and something on top of it.
  const since = Date.now();
  const who = { name: 'Cora Client', email: 'cora@linden.example', role: 'Client' };
  await fillInvitation(page, PORTAL, unit, who);
  await page.getByText('Extra permissions', { exact: true }).click();
  await page.getByRole('group').filter({ hasText: 'Extra permissions' }).last().getByRole('checkbox', { name: 'Users', exact: true }).check();
  await send(page);
  const { context, page: own } = await openInvitation(browser, server, mails, PORTAL, who, since);

  // Rule 69.
  const password = own.locator('input[name=password]');
  await expect(password).toHaveAttribute('minlength', '8');
  await expect(own.locator('.asked li')).toContainText(['8 or more characters', 'capital letter', 'small letter', 'digit', 'neither', 'guess']);
  await expect(own.locator('form[novalidate]')).toBeVisible();
  for (const [weak, why] of [
    ['qu4y-lmp', 'Add a capital letter.'],
    ['QU4Y-LMP', 'Add a small letter.'],
    ['qUay-lmP', 'Add a digit.'],
    ['qU4yxlmP', 'Add a character that is neither letter nor digit.'],
  ] as const) {
    await password.fill(weak);
    await own.getByRole('button', { name: 'Create account' }).click();
    await expect(own.locator('#password-error')).toHaveText(why);
    await expect(own.getByLabel('Full name')).toHaveValue(who.name);
  }
  await registerWith(own, who.name, PORTAL.password ?? '');
  await seeActive(page, unit, who);

  await own.goto('/users');
  await expect(own.getByRole('row', { name: /Paul Plain/ })).toBeVisible();
  await expect(own.getByRole('row', { name: /Anna Petrova/ })).toHaveCount(0);
  await page.goto(await cardOf(page, who));
  await page.getByText('What can Cora Client do here, and why?').click();
  await expect(page.getByText('extra permission, Lime Street').first()).toBeVisible();
  await context.close();

  // Whoever is deleted lies in the bin first, and nothing has to be typed; it is taken back at once.
  await page.goto(`${await cardOf(page, plain)}?do=delete`);
  const question = page.getByRole('alertdialog', { name: 'Delete Paul Plain?' });
  await expect(question).toContainText('you can bring the person back');
  await question.getByRole('button', { name: 'Delete Paul Plain' }).click();
  await expect(page.getByText('Paul Plain is deleted.')).toBeVisible();
  await expect(page.getByText(/Name and addresses are erased on/)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Brought back.')).toBeVisible();
  await expect(page.getByText('Invite accepted').first()).toBeVisible();
});
