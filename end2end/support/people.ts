// Who takes part in the journeys, and what they do again and again: set up, sign in, invite, register.
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';

import { anywhere } from './fixtures.ts';
import { link } from './mail.ts';
import type { Server } from './server.ts';
import type { SmtpSink } from './smtp.ts';

export const ANNA = { name: 'Anna Petrova', email: 'anna@acme.example', password: 'copper lamp river' };
export const PASSWORD = 'velvet stone garden';

/** What the form of the settings sends in these tests, but for what a test is about. */
export const SETTINGS = {
  organisation: 'ACME School',
  language: 'en',
  zone: 'Europe/Minsk',
  valid_for: '72h',
  letters_a_day: '2000',
  min_length: '12',
  name_policy: 'user-wins',
  name_fields: 'one',
  // As for most organisations: nobody is added with a login.
  hands_over: '',
};

const settled = new WeakSet<Server>();

/** Sets the installation up, once for each server, the way a plain form does. */
export async function setUp(server: Server): Promise<void> {
  if (settled.has(server)) return;
  const answer = await post(server, '/set-up', {
    code: await server.setUpCode(),
    name: ANNA.name,
    email: ANNA.email,
    password: ANNA.password,
    organisation: 'ACME School',
    language: 'en',
    zone: 'Europe/Minsk',
  });
  if (answer.status !== 303) throw new Error(`set-up answered ${answer.status}: ${await answer.text()}`);
  // Nothing is held here: what is invited leaves at once.
  const cookie = answer.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ');
  const changed = await post(server, '/api/change-settings', { ...SETTINGS, hold_seconds: '0' }, cookie);
  if (changed.status !== 303) throw new Error(`the settings answered ${changed.status}: ${await changed.text()}`);
  // A plain form that is refused answers with a redirect, too.
  const settings = await (await fetch(`${server.url}/settings`, { headers: { cookie, ...anywhere() } })).text();
  const hold = /<input[^>]*name="hold_seconds"[^>]*>/.exec(settings)?.[0];
  if (!hold?.includes('value="0"')) throw new Error('the settings were not taken');
  settled.add(server);
}

/** Sends a form without a browser. */
export function post(server: Server, path: string, fields: Record<string, string>, cookie = ''): Promise<Response> {
  return fetch(server.url + path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin: server.url, referer: `${server.url}/users`, accept: 'text/html', cookie, ...anywhere() },
    redirect: 'manual',
  });
}

/** Signs somebody in through the door and hands the session to the browser. */
export async function signIn(context: BrowserContext, server: Server, person: { email: string; password: string }) {
  const answer = await post(server, '/sign-in', { username: person.email, password: person.password });
  if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`);
  const cookie = answer.headers.getSetCookie().find((each) => /^usher_session_\d+=/.test(each));
  const [, name, value] = /^(usher_session_\d+)=([^;]+)/.exec(cookie ?? '') ?? [];
  if (!name || !value) throw new Error('sign-in set no session');
  await context.addCookies([{ name, value, url: server.url, httpOnly: true, sameSite: 'Lax' }]);
  return `${name}=${value}`;
}

/** Fills in the invite form and sends it; ends on its result. */
export async function invite(page: Page, addresses: string, role = 'Employee') {
  await page.goto('/users/invite');
  await page.getByRole('textbox', { name: 'Addresses' }).fill(addresses);
  await page.getByRole('radio', { name: role }).check();
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page).toHaveURL(/draft=/);
}

/** Opens a list again until somebody stands in it: what the worker does takes a moment, and a list shows one moment. */
export async function untilListed(page: Page, list: string, name: RegExp) {
  await expect(async () => {
    await page.goto(list);
    await expect(page.getByRole('row', { name }).first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 15_000 });
}

/** Opens the link of somebody's newest mail and registers; ends inside. */
export async function register(page: Page, mails: SmtpSink, email: string, name: string, number = 1) {
  await page.goto(link((await mails.mailTo(email, number)).raw, '/i/'));
  await page.getByLabel('Full name').fill(name);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).not.toHaveURL(/\/i\//);
}

/** Somebody with an account, made through the main job, in a browser of their own. */
export async function member(
  browser: Browser,
  server: Server,
  mails: SmtpSink,
  person: { name: string; email: string; role: string },
): Promise<BrowserContext> {
  const admin = await browser.newContext({ baseURL: server.url });
  await signIn(admin, server, ANNA);
  const page = await admin.newPage();
  await invite(page, person.email, person.role);
  await admin.close();
  const own = await browser.newContext({ baseURL: server.url });
  const registering = await own.newPage();
  await register(registering, mails, person.email, person.name);
  await registering.close();
  return own;
}

/** From now on whoever leaves can be archived, which not every kind of organisation starts with. */
export async function keepAnArchive(page: Page) {
  await page.goto('/settings');
  const part = page.getByRole('region', { name: 'Organisation', exact: true });
  await part.getByRole('checkbox', { name: 'People who leave can be archived' }).check();
  await part.getByRole('button', { name: 'Save' }).click();
  await expect(part.getByText('Saved', { exact: true })).toBeVisible();
}

/** An address that nobody else in this run has. */
export function fresh(name: string): string {
  return `${name}.${Math.random().toString(36).slice(2, 8)}@school.example`;
}

