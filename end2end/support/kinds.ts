// The kinds of organisations that set-up offers, in their own words, and how somebody comes into each of them: set up, a unit
// of its kind, an invitation, the link. Every step looks at the words that stand there.
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';

import { link, read } from './mail.ts';
import { ANNA, PASSWORD } from './people.ts';
import type { Server } from './server.ts';
import type { SmtpSink } from './smtp.ts';

export interface Kind {
  /** What set-up calls it. */
  name: string;
  /** The kind of its first unit, and of those below. */
  whole: string;
  part: string;
  /** All its roles, the highest first. */
  roles: [string, ...string[]];
  /** How long its links work, in words and in days. */
  works: string;
  days: number;
  /** Its invitations carry a user name and a one-time password. */
  carriesPassword?: boolean;
  /** Where a few words are not enough. */
  password?: string;
}

export const SCHOOL: Kind = {
  name: 'School',
  whole: 'School',
  part: 'Team',
  roles: ['Owner', 'Administrator', 'Coordinator', 'Teacher'],
  works: '3 days',
  days: 3,
};
export const LEARNING: Kind = {
  name: 'Learning platform',
  whole: 'Academy',
  part: 'Group',
  roles: ['Super administrator', 'Administrator', 'Tutor', 'Learner'],
  works: '3 days',
  days: 3,
  carriesPassword: true,
};
export const BOOKING: Kind = {
  name: 'Booking chain',
  whole: 'Chain',
  part: 'Branch',
  roles: ['Owner', 'Chain administrator', 'Branch administrator', 'Accountant', 'Specialist'],
  works: '7 days',
  days: 7,
};
export const PORTAL: Kind = {
  name: 'Client portal',
  whole: 'Company',
  part: 'Client',
  roles: ['Main administrator', 'Company manager', 'Advisor', 'Client'],
  works: '21 days',
  days: 21,
  password: 'qU4y-lmP7',
};

export async function setUpAs(page: Page, server: Server, kind: Kind) {
  await page.goto('/set-up');
  await page.getByLabel('Set-up code').fill(await server.setUpCode());
  await page.getByLabel('Full name').fill(ANNA.name);
  await page.getByRole('textbox', { name: 'E-mail', exact: true }).fill(ANNA.email);
  await page.locator('input[name=password]').fill(kind.password ? 'Copper lamp river 7' : ANNA.password);
  await page.getByRole('textbox', { name: 'Organisation' }).fill('Linden House');
  await page.getByRole('radio', { name: kind.name, exact: true }).check();
  await page.getByLabel('Time zone').fill('Europe/Minsk');
  await page.getByRole('button', { name: 'Finish and invite people' }).click();
  await expect(page).toHaveURL(/\/users/);
  await expect(page.getByRole('row', { name: /Anna Petrova/ })).toContainText(kind.roles[0]);
}

/** Lets invitations carry links, whatever they carry by themselves. */
export async function carryLinks(page: Page) {
  await page.goto('/settings');
  const part = page.getByRole('region', { name: 'Invitations' });
  await part.getByRole('radio', { name: 'A link', exact: true }).check();
  await part.getByRole('button', { name: 'Save' }).click();
  await expect(part.getByText(/saved/i).first()).toBeVisible();
}

/** Every role of this kind of organisation stands on the page of the roles, and no other. */
export async function seeItsRoles(page: Page, kind: Kind) {
  await page.goto('/settings/roles');
  const roles = page.getByRole('main').getByRole('listitem').getByRole('heading', { level: 2 });
  await expect(roles).toHaveText(kind.roles);
}

/** Adds a unit of its kind below the organisation; answers with the unit's id. */
export async function addPart(page: Page, kind: Kind, name: string): Promise<string> {
  await page.goto('/units');
  const whole = page.getByRole('row', { name: /Linden House/ });
  await expect(whole.getByRole('cell', { name: new RegExp(`\\b${kind.whole}$`) })).toBeVisible();
  await whole.getByRole('link', { name: 'Linden House', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Linden House' })).toBeVisible();
  const form = page.getByRole('region', { name: 'Add a unit' });
  // Its own kind is proposed first.
  await expect(form.getByLabel('Kind').locator('option:checked')).toHaveText(kind.part);
  await form.getByLabel('Name').fill(name);
  await form.getByRole('button', { name: 'Add' }).click();
  const row = page.getByRole('row', { name: new RegExp(name) });
  await expect(row.getByRole('cell', { name: new RegExp(`\\b${kind.part}$`) })).toBeVisible();
  await row.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  return page.url().split('/').pop() ?? '';
}

export interface Invited {
  name: string;
  email: string;
  role: string;
}

/** Fills in the invite form of a unit, as far as the button. */
export async function fillInvitation(page: Page, kind: Kind, unit: string, who: Invited) {
  await page.goto(`/users/invite?unit=${unit}`);
  await expect(page.getByLabel('The invitation works for').locator('option:checked')).toHaveText(new RegExp(`^As usual: ${kind.works}\\b`));
  // Where nobody is asked for a unit, the one whose page this came from is only named.
  if (kind === LEARNING) await expect(page.getByText('Where: Lime Street')).toBeVisible();
  else await expect(page.getByRole('checkbox', { name: /Lime Street/ })).toBeChecked();
  // Whoever stands above all is made otherwise.
  await expect(page.getByRole('radio', { name: kind.roles[0], exact: true })).toHaveCount(0);
  await page.getByRole('textbox', { name: 'Addresses' }).fill(`${who.name} <${who.email}>`);
  await page.getByRole('radio', { name: who.role, exact: true }).check();
}

/** Sends what was filled in, and does not wait until it leaves by itself. */
export async function send(page: Page) {
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page).toHaveURL(/draft=/);
  await page.getByRole('button', { name: 'Send now' }).click();
}

/** The end of the link, as pages and messages write the day: *Mon 7 Dec 2026*. */
function days(kind: Kind, since: number): RegExp {
  const day = (at: number) => {
    const parts = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Minsk', day: 'numeric', month: 'short', year: 'numeric' });
    return parts.format(at + kind.days * 86_400_000).replace('Sept', 'Sep');
  };
  return new RegExp(`until .*(${day(since)}|${day(Date.now())})`);
}

/** Signs in with what a message carries; ends on the page of its invitation. */
export async function signInOnce(page: Page, name: string, text: string) {
  const password = /([a-z]{3,8}-){4}\d{3}/.exec(text)?.[0] ?? '';
  await page.goto('/sign-in');
  await page.getByLabel(/^E-mail( or (phone|login)|, phone or login)?/).fill(name);
  await page.locator('input[name=password]').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/i\//);
}

/** Opens the link of a mail and looks at what it offers. */
export async function openInvitation(browser: Browser, server: Server, mails: SmtpSink, kind: Kind, who: Invited, since: number) {
  const { raw } = await mails.mailTo(who.email);
  expect(read(raw).text).toContain(`invites you to Linden House, Lime Street as ${who.role}.`);
  expect(read(raw).text.replace(/\s+/g, ' ')).toMatch(days(kind, since));
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  if (kind.carriesPassword) await signInOnce(page, who.email, read(raw).text);
  else await page.goto(link(raw, '/i/'));
  await expect(page.getByRole('heading', { name: `Anna Petrova invites you as ${who.role}` })).toBeVisible();
  await expect(page.getByText('Lime Street').first()).toBeVisible();
  await expect(page.getByText(/^This invitation works until/)).toHaveText(days(kind, since));
  await expect(page.getByLabel('Full name')).toHaveValue(who.name);
  return { context, page };
}

/** Ticks every box without which nobody goes on. */
export async function tickWhatMustBe(page: Page) {
  for (const box of await page.locator('input[type=checkbox][required]').all()) await box.check();
}

export async function registerWith(page: Page, name: string, password: string) {
  const again = page.locator('input[name=password_again]');
  const phone = page.locator('input[name=phone][required]');
  await page.locator('input[name=password]').fill(password);
  if (await again.count()) await again.fill(password);
  if ((await phone.count()) && !(await phone.inputValue())) await phone.fill('+375 29 555-44-33');
  await tickWhatMustBe(page);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).not.toHaveURL(/\/i\//);
  await expect(page.getByRole('button', { name: `Account of ${name}` })).toBeVisible();
}

/** From the form to somebody who is signed in. */
export async function bringIn(page: Page, browser: Browser, server: Server, mails: SmtpSink, kind: Kind, unit: string, who: Invited): Promise<BrowserContext> {
  const since = Date.now();
  await fillInvitation(page, kind, unit, who);
  await send(page);
  const { context, page: own } = await openInvitation(browser, server, mails, kind, who, since);
  await registerWith(own, who.name, kind.password ?? PASSWORD);
  await own.close();
  await seeActive(page, unit, who);
  return context;
}

export async function seeActive(page: Page, unit: string, who: Invited) {
  await page.goto(`/users?unit=${unit}`);
  await expect(page.getByRole('heading', { level: 1, name: /Lime Street/ })).toBeVisible();
  const row = page.getByRole('row', { name: new RegExp(who.name) });
  await expect(row.getByText(/^(Active|Invite accepted)$/, { exact: true })).toBeVisible();
  await expect(row.getByRole('cell', { name: new RegExp(`^${who.role}\\s?Lime Street$`) })).toBeVisible();
}

export async function cardOf(page: Page, who: Invited): Promise<string> {
  await page.goto(`/users?q=${encodeURIComponent(who.email)}`);
  return (await page.getByRole('row', { name: new RegExp(who.email.split('@')[0] ?? '') }).getByRole('link').first().getAttribute('href')) ?? '';
}
