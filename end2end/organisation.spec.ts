// Units, roles, memberships and shifts, as their people meet them: with script, on a phone, and without script.
import type { Page } from '@playwright/test';

import { expect, test } from './support/fixtures.ts';
import { link } from './support/mail.ts';
import { ANNA, PASSWORD, fresh, invite, keepAnArchive, member, register, setUp, signIn } from './support/people.ts';

test.beforeEach(async ({ context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
});

/** A name that no other unit has. */
const named = (name: string) => `${name} ${Math.random().toString(36).slice(2, 7)}`;

/** Adds a unit below the one whose name is a link on the units page, or below the installation; ends on its own page. */
async function addUnit(page: Page, name: string, kind: string, below?: string): Promise<string> {
  await page.goto('/units');
  if (below) {
    await page.getByRole('link', { name: below, exact: true }).first().click();
    // The page before has such a form too.
    await expect(page.getByRole('heading', { level: 1, name: below })).toBeVisible();
  }
  const form = page.getByRole('region', { name: 'Add a unit' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Kind').selectOption({ label: kind });
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  // What was taken does not stand there for a second time.
  await expect(form.getByLabel('Name')).toHaveValue('');
  await page.getByRole('rowheader', { name }).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  return page.url().split('/').pop() ?? '';
}

test('a unit is added, renamed, moved and archived, and whoever is affected is named first', async ({ page, browser, server, mails }) => {
  test.setTimeout(90_000);
  const [north, south, team] = [named('North'), named('South'), named('Team')];
  await addUnit(page, north, 'Company');
  const southId = await addUnit(page, south, 'Company');
  const teamId = await addUnit(page, team, 'Team', north);

  // The same name twice is said beside the field, and what was typed stays.
  await page.goto('/units');
  const form = page.getByRole('region', { name: 'Add a unit' });
  await form.getByLabel('Name').fill(north);
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByText(/There is a unit with this name|already/).first()).toBeVisible();
  await expect(form.getByLabel('Name')).toHaveValue(north);

  // Somebody works in the team; Invite there has the unit filled in.
  await page.goto(`/units/${teamId}`);
  await page.getByRole('link', { name: 'Invite people' }).last().click();
  await expect(page).toHaveURL(new RegExp(`unit=${teamId}`));
  await expect(page.getByRole('checkbox', { name: new RegExp(team) })).toBeChecked();
  const email = fresh('tess');
  await page.getByRole('textbox', { name: 'Addresses' }).fill(email);
  await page.getByRole('radio', { name: 'Employee' }).check();
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page).toHaveURL(/draft=/);
  const other = await browser.newContext({ baseURL: server.url });
  await register(await other.newPage(), mails, email, 'Tess Team');
  await other.close();

  // The list narrows to the unit, and its counts with it.
  await page.goto(`/users?unit=${teamId}`);
  await expect(page.getByRole('row', { name: /Tess Team/ }).first()).toBeVisible();
  await expect(page.getByRole('row', { name: /Anna Petrova/ })).toHaveCount(0);
  await page.goto(`/users?unit=${southId}`);
  await expect(page.getByRole('row', { name: /Tess Team/ })).toHaveCount(0);

  const renamed = named('Crew');
  await page.goto(`/units/${teamId}?do=edit`);
  const edit = page.getByRole('alertdialog');
  await edit.getByLabel('Name').fill(renamed);
  await edit.getByLabel('How long invitation links work').fill('soon');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(/10 minutes/).first()).toBeVisible();
  await page.goto(`/units/${teamId}?do=edit`);
  await edit.getByLabel('Name').fill(renamed);
  await edit.getByLabel('How long invitation links work').fill('45 min');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1, name: renamed })).toBeVisible();
  await page.goto(`/users/invite?unit=${teamId}`);
  await expect(page.getByLabel('The invitation works for').locator('option:checked')).toHaveText(/^As usual: 45 minutes\b/);
  await page.goto(`/units/${teamId}`);

  await page.getByRole('link', { name: 'Move', exact: true }).click();
  await page.getByRole('radio', { name: new RegExp(south) }).check();
  await page.getByRole('button', { name: 'Look at what it means' }).click();
  await expect(page.getByText("Nobody's rights change by it.")).toBeVisible();
  await page.getByRole('button', { name: 'Move here' }).click();
  await expect(page.getByRole('navigation', { name: 'Units' }).getByRole('link', { name: south })).toBeVisible();

  await page.getByRole('link', { name: 'Archive', exact: true }).click();
  await expect(page.getByRole('alertdialog')).toContainText('People in it and below: 1');
  await expect(page.getByRole('alertdialog')).toContainText('1 hold');
  await page.getByRole('button', { name: `Archive ${renamed}` }).click();
  await expect(page.getByText('Archived').first()).toBeVisible();
  await page.getByRole('link', { name: 'Bring back' }).click();
  await page.getByRole('button', { name: `Bring ${renamed} back` }).click();
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await page.goto(`/users?unit=${teamId}`);
  await expect(page.getByRole('row', { name: /Tess Team.*Active/ }).first()).toBeVisible();
});

test('a role is made, given and explained; nobody makes one that holds more than they do', async ({ page, browser, server, mails }) => {
  test.setTimeout(90_000);
  const name = named('Auditor');
  await page.goto('/settings/roles');
  await page.getByRole('link', { name: 'New role' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByLabel('Order').fill('15');
  await page.getByRole('group', { name: /Sees/ }).getByRole('checkbox', { name: 'Users', exact: true }).check();
  await page.getByRole('group', { name: /Sees/ }).getByRole('checkbox', { name: 'Units', exact: true }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(page.getByRole('link', { name })).toBeVisible();

  const email = fresh('audrey');
  const theirs = await member(browser, server, mails, { name: 'Audrey Audit', email, role: name });
  const them = await theirs.newPage();
  await them.goto('/units');
  await expect(them.getByRole('region', { name: 'Add a unit' })).toHaveCount(0);
  const refused = await them.goto('/settings/roles');
  expect(refused?.status()).toBe(403);
  await theirs.close();

  await page.goto(`/users?q=${encodeURIComponent(email)}`);
  await page.getByRole('link', { name: /Audrey Audit/ }).first().click();
  await page.getByText('What can Audrey Audit do here, and why?').click();
  await expect(page.getByText(new RegExp(`role ${name}`)).first()).toBeVisible();

  await page.goto('/settings/who');
  await page.getByLabel('What', { exact: true }).selectOption({ label: 'Block' });
  await page.getByLabel('To whom').fill(email);
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page.getByText('These people can do it to Audrey Audit:')).toBeVisible();
  await expect(page.getByRole('status').getByRole('link', { name: ANNA.name })).toBeVisible();
});

test('somebody holds roles in two units, is taken out of one, archived and brought back', async ({ page, browser, server, mails }) => {
  test.setTimeout(90_000);
  await keepAnArchive(page);
  const place = named('Depot');
  await addUnit(page, place, 'Company');
  const email = fresh('petra');
  const theirs = await member(browser, server, mails, { name: 'Petra Place', email, role: 'Employee' });
  await page.goto(`/users?q=${encodeURIComponent(email)}`);
  await page.getByRole('link', { name: /Petra Place/ }).first().click();
  await expect(page).toHaveURL(/\/users\/[0-9a-f]{8}-/);
  const card = page.url();
  const access = page.getByRole('region', { name: 'Access' });
  await access.getByRole('link', { name: 'Add a unit' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('radio', { name: new RegExp(place) }).check();
  await dialog.getByRole('radio', { name: /^Dispatcher/ }).check();
  await dialog.getByRole('button', { name: /Add/ }).click();
  await expect(page.getByText('Added.')).toBeVisible();
  await expect(access.getByText(`Dispatcher, ${place}`, { exact: true }).first()).toBeVisible();
  const them = await theirs.newPage();
  await them.goto('/users');
  await expect(them.getByRole('heading', { level: 1 })).toBeVisible();

  await access.getByRole('link', { name: `Remove ${place}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: /^Remove/ }).click();
  await expect(page.getByText('Removed from the unit.')).toBeVisible();
  const answer = await them.goto('/users');
  expect(answer?.status()).toBe(403);

  await page.goto(`${card}?do=archive`);
  await page.getByRole('button', { name: 'Archive Petra Place' }).click();
  await expect(page.getByText('Archived').first()).toBeVisible();
  await them.goto('/me');
  await expect(them).toHaveURL(/\/sign-in/);
  await page.goto(`${card}?do=back`);
  await page.getByRole('alertdialog').getByRole('button', { name: /back/i }).click();
  await expect(page.getByText('Active').first()).toBeVisible();
  await theirs.close();
});

test('somebody who is known signs in to join, and is one person after it', async ({ page, browser, server, mails }) => {
  test.setTimeout(90_000);
  const place = named('Annex');
  const unit = await addUnit(page, place, 'Company');
  const email = fresh('jonas');
  const jonasContext = await member(browser, server, mails, { name: 'Jonas Join', email, role: 'Employee' });
  const boss = fresh('berta');
  await page.goto(`/users/invite?unit=${unit}`);
  await page.getByRole('textbox', { name: 'Addresses' }).fill(boss);
  await page.getByRole('radio', { name: 'Company administrator' }).check();
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page).toHaveURL(/draft=/);
  const bertaContext = await browser.newContext({ baseURL: server.url });
  const berta = await bertaContext.newPage();
  await register(berta, mails, boss, 'Berta Boss');
  await expect(berta).toHaveURL(/\/$/);

  // The inviter cannot see whom they invite, and is told nothing but that the invitation left.
  await invite(berta, email, 'Dispatcher');
  await expect(berta.getByText('1 invitation is on its way', { exact: true }).first()).toBeVisible();
  const door = link((await mails.mailTo(email, 2)).raw, '/i/');

  await jonasContext.clearCookies();
  const jonas = await jonasContext.newPage();
  await jonas.goto(door);
  await expect(jonas.getByRole('button', { name: 'Sign in and join' })).toBeVisible();
  await expect(jonas.getByText('Jonas')).toHaveCount(0);
  await jonas.locator('input[name=password]').fill('not this one at all');
  await jonas.getByRole('button', { name: 'Sign in and join' }).click();
  await expect(jonas.getByText('is not right').first()).toBeVisible();
  await jonas.locator('input[name=password]').fill(PASSWORD);
  await jonas.getByRole('button', { name: 'Sign in and join' }).click();
  await expect(jonas).toHaveURL(/\/$/);

  await berta.goto(`/users?q=${encodeURIComponent(email)}`);
  await expect(berta.getByRole('row', { name: /Jonas Join.*Active/ }).first()).toBeVisible();
  await page.goto(`/users?q=${encodeURIComponent(email)}`);
  await page.getByRole('link', { name: /Jonas Join/ }).first().click();
  await expect(page.getByRole('region', { name: 'Access' }).getByRole('listitem')).toHaveCount(2);
  await jonasContext.close();
  await bertaContext.close();
});

test('signed in as somebody else one is asked, and the link is not spent', async ({ page, browser, server, mails }) => {
  const place = named('Wing');
  const unit = await addUnit(page, place, 'Company');
  const email = fresh('ida');
  const theirs = await member(browser, server, mails, { name: 'Ida Other', email, role: 'Employee' });
  const wanted = fresh('tom');
  await page.goto(`/users/invite?unit=${unit}`);
  await page.getByRole('textbox', { name: 'Addresses' }).fill(wanted);
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page).toHaveURL(/draft=/);
  const door = link((await mails.mailTo(wanted)).raw, '/i/');
  const them = await theirs.newPage();
  await them.goto(door);
  await them.getByRole('button', { name: /Sign out and/ }).click();
  await expect(them.getByRole('button', { name: 'Create account' })).toBeVisible();
  await theirs.close();
});

test('a role that takes two waits for a second administrator', async ({ page, browser, server, mails }) => {
  test.setTimeout(90_000);
  const name = named('Treasurer');
  await page.goto('/settings/roles/new');
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByLabel('Order').fill('12');
  await page.getByRole('checkbox', { name: /Giving this role takes two/ }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();

  const email = fresh('tilda');
  await invite(page, email, name);
  await expect(page.getByText(/second administrator/).first()).toBeVisible();
  await page.getByRole('link', { name: email }).click();
  await expect(page.getByText(/a second administrator has to agree/).first()).toBeVisible();
  const card = page.url().split('?')[0] ?? '';
  expect(mails.mails.some((mail) => mail.to.includes(email))).toBe(false);

  // Whoever proposed it is not the second one.
  await page.goto(`${card}?do=approve`);
  await expect(page.getByRole('alertdialog')).toContainText('Somebody else than whoever proposed it has to agree');
  await expect(page.getByRole('button', { name: 'Approve and send' })).toHaveCount(0);
  expect(mails.mails.some((mail) => mail.to.includes(email))).toBe(false);
  await page.goto(`${card}?do=withdraw`);
  await page.getByRole('button', { name: 'Withdraw invitation' }).click();
  await expect(page.getByText('Withdrawn').first()).toBeVisible();
});

test('a role that two take away is taken away when a second administrator agrees', async ({ page, browser, server, mails }) => {
  test.setTimeout(90_000);
  const setBox = async (isOn: boolean) => {
    await page.goto('/settings/roles');
    await page.getByRole('link', { name: 'Dispatcher', exact: true }).click();
    await page.getByRole('checkbox', { name: /Taking this role away takes two/ }).setChecked(isOn);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved.')).toBeVisible();
  };
  await setBox(true);
  const email = fresh('konrad');
  const theirs = await member(browser, server, mails, { name: 'Konrad Keep', email, role: 'Dispatcher' });
  await theirs.close();
  const sonia = { name: 'Sonia Second', email: fresh('sonia'), role: 'Company administrator' };
  const second = await member(browser, server, mails, sonia);

  await page.goto(`/users?q=${email}`);
  await page.getByRole('link', { name: /Konrad Keep/ }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: /Konrad Keep/ })).toBeVisible();
  const card = page.url().split('?')[0] ?? '';
  await page.goto(`${card}?do=delete`);
  await expect(page.getByRole('alertdialog')).toContainText('First propose to remove them from the unit');
  await page.goto(card);
  await page.getByRole('link', { name: /^Remove/ }).first().click();
  await expect(page.getByRole('alertdialog')).toContainText('A second administrator has to agree first');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Propose to remove' }).click();
  await expect(page.getByText('Nothing has changed yet')).toBeVisible();
  await expect(page.getByRole('button', { name: /Agree/ })).toHaveCount(0);

  const other = await second.newPage();
  await other.goto('/invitations?status=awaiting_approval');
  const waiting = other.getByRole('listitem').filter({ hasText: /proposed to remove Konrad Keep from/ });
  await waiting.getByRole('button', { name: /Agree/ }).first().click();
  await expect(other.getByText('Agreed.')).toBeVisible();
  await page.goto(card);
  await expect(page.getByText('Archived').first()).toBeVisible();
  await second.close();
  // Nobody else could agree about a role, and that is said.
  await setBox(false);
  await expect(page.getByText(/your decision alone/)).toBeVisible();
});

test('a shift is planned, somebody is in it, sees it on a phone, and a block takes them out', async ({ page, browser, server, mails }) => {
  test.setTimeout(90_000);
  const email = fresh('erik');
  const theirs = await member(browser, server, mails, { name: 'Erik Early', email, role: 'Employee' });
  await page.goto('/units');
  await page.getByRole('rowheader').getByRole('link', { name: 'ACME School', exact: true }).click();
  await expect(page).toHaveURL(/\/units\/[^/?]+$/);
  const company = page.url().split('/').pop() ?? '';
  await page.goto(`/shifts/new?unit=${company}`);
  const title = named('Morning desk');
  await page.getByLabel('Title').fill(title);
  const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Begins').fill(`${day}T12:00`);
  await page.getByLabel('Ends').fill(`${day}T11:00`);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toContainText('A shift ends after it begins');
  await expect(page.getByLabel('Title')).toHaveValue(title);
  await page.getByLabel('Begins').fill(`${day}T12:00`);
  await page.getByLabel('Ends').fill(`${day}T16:00`);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await page.getByLabel('Find people of this unit').fill('Erik');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('button', { name: 'Add Erik Early' }).click();
  await expect(page.getByRole('button', { name: 'Remove Erik Early' })).toBeVisible();
  const shift = page.url().split('?')[0] ?? '';

  const them = await theirs.newPage();
  await them.setViewportSize({ width: 390, height: 844 });
  await them.goto(`/shifts`);
  await expect(them.getByRole('heading', { level: 1, name: 'My shifts' })).toBeVisible();
  const ahead = them.getByText(title);
  if (!(await ahead.isVisible())) await them.getByRole('link', { name: 'Next week' }).click();
  await expect(ahead).toBeVisible();

  await page.goto(`/users?q=${encodeURIComponent(email)}`);
  const card = (await page.getByRole('link', { name: /Erik Early/ }).first().getAttribute('href')) ?? '';
  await page.goto(`${card}?do=block`);
  await expect(page.getByRole('alertdialog')).toContainText('Shifts that are left: 1');
  await page.getByRole('button', { name: 'Block Erik Early' }).click();
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await page.goto(`${card}?do=unblock`);
  await page.getByRole('button', { name: 'Unblock Erik Early' }).click();
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await page.goto(shift);
  await expect(page.getByText('Nobody yet')).toBeVisible();
  await theirs.close();
});
