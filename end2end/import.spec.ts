// Importing people from a file, with script and without: choosing it, mending what has errors, running it, the file of what was not
// taken, undoing all of it.
import { readFile } from 'node:fs/promises';

import type { Page } from '@playwright/test';

import { expectAccessibleInBothThemes } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { ANNA, fresh, post, setUp, signIn } from './support/people.ts';
import type { Server } from './support/server.ts';

/** People may be added without an invitation. */
async function allowAdding(server: Server) {
  const signedIn = await post(server, '/sign-in', { username: ANNA.email, password: ANNA.password });
  const cookie = signedIn.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ');
  const changed = await post(server, '/api/change-settings', {
    organisation: 'ACME School',
    language: 'en',
    zone: 'Europe/Minsk',
    valid_for: '72h',
    letters_a_day: '2000',
    min_length: '12',
    name_policy: 'user-wins',
    hold_seconds: '0',
    adds_people: 'on',
  }, cookie);
  expect(changed.status).toBe(303);
}

/** What the report offers behind one press more. */
async function undoImport(page: Page) {
  await page.locator('#undo-import summary').click();
  await page.getByRole('button', { name: 'Remove them again' }).click();
}

test.beforeEach(async ({ context, server }) => {
  await setUp(server);
  await allowAdding(server);
  await signIn(context, server, ANNA);
});

test('a file with errors is mended, imported, handed back and undone', async ({ page }, info) => {
  const hasScript = info.project.name !== 'no-script';
  const [vera, olga, ivan] = [fresh('vera'), fresh('olga'), fresh('ivan')];
  const rows = [
    'Name;Email;Phone;Role',
    `Vera Orlova;${vera};;Employee`,
    `Olga Kim;${olga.split('@')[0]}@gmial.com;;`,
    'Ivan Ivanov;;;',
    `Lev Lvov;${fresh('lev')};;Astronaut`,
  ];
  await page.goto('/import');
  if (hasScript) await expectAccessibleInBothThemes(page);
  await page.getByLabel('File').setInputFiles({
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(rows.join('\r\n')),
  });
  await page.getByRole('button', { name: 'Read the list' }).click();
  await expect(page).toHaveURL(/\/import\?id=/);
  await expect(page.getByRole('heading', { name: 'people.csv' })).toBeVisible();
  await expect(page.locator('#counts')).toHaveText(/1 ready · 2 with errors · 1 to check/);
  await expect(page.getByText('nobody has been added and nothing has been sent', { exact: false })).toBeVisible();
  if (hasScript) await expectAccessibleInBothThemes(page);

  // All of a kind at once.
  await page.getByRole('button', { name: 'Use what is offered (1)' }).click();
  await expect(page.locator('#counts')).toHaveText(/2 ready · 2 with errors/);
  // One row by hand.
  await page.getByLabel('E-mail, row 4').fill(ivan);
  await page.getByRole('group', { name: 'Row 4' }).getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('#counts')).toHaveText(/3 ready · 1 with an error/);
  // What a text means, once for all rows.
  await page.getByLabel('The role “Astronaut” means').selectOption({ label: 'Employee' });
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(page.locator('#counts')).toHaveText('4 ready');
  // Left out, by hand.
  await page.getByRole('navigation', { name: 'Rows' }).getByRole('link', { name: /^All/ }).click();
  await expect(page).toHaveURL(/show=all/);
  await page.getByRole('group', { name: 'Row 5' }).getByRole('button', { name: 'Leave out' }).click();
  await expect(page.locator('#counts')).toHaveText(/3 ready · 1 left out/);

  await page.getByRole('button', { name: 'Import 3 people' }).click();
  await expect(async () => {
    const link = page.getByRole('link', { name: 'Show how far it is' });
    if (await link.isVisible()) await link.click({ timeout: 2_000 }).catch(() => undefined);
    await expect(page.getByText('3 people were imported')).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download rejected rows' }).click();
  const rejected = await readFile(await (await download).path(), 'utf8');
  expect(rejected).toContain('Lev Lvov');
  expect(rejected).toContain('Left out by hand');
  expect(rejected).not.toContain(vera);

  const report = page.url();
  await page.goto(`/users?q=${encodeURIComponent(vera)}&status=not_invited`);
  await expect(page.getByRole('link', { name: /Vera Orlova/ }).first()).toBeVisible();

  await page.goto(report);
  await undoImport(page);
  await expect(page.getByText('Undone for 3 people.')).toBeVisible();
  await page.goto(`/users?q=${encodeURIComponent(vera)}`);
  await expect(page.getByRole('heading', { name: /Nobody matches/ })).toBeVisible();
});

test('what is chosen on the page counts although nobody has checked it again', async ({ page }) => {
  const vera = fresh('vera');
  await page.goto('/import');
  await page.getByLabel('Or paste rows of a table').fill(`Name\tEmail\nVera Orlova\tx${vera}\n`);
  await page.getByRole('button', { name: 'Read the list' }).click();
  await expect(page.locator('#counts')).toHaveText('1 ready');
  await expect(page.locator('#run')).toHaveAccessibleName('Import 1 person');
  await page.getByRole('checkbox', { name: 'Send invitations' }).check();
  await expect(page.locator('#run')).toHaveAccessibleName('Import 1 person and send an invitation');
  // With nothing to mend everybody is shown; a cell that is corrected there goes along.
  await page.getByLabel('E-mail, row 2').fill(vera);
  await page.locator('#run').click();
  await expect(async () => {
    const link = page.getByRole('link', { name: 'Show how far it is' });
    if (await link.isVisible()) await link.click({ timeout: 2_000 }).catch(() => undefined);
    await expect(page.getByText('1 person was imported')).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await page.goto(`/users?q=${encodeURIComponent(vera)}&status=invited`);
  await expect(page.getByRole('link', { name: /Vera Orlova/ }).first()).toBeVisible();
});

test('what is no list says so, and rows can be pasted instead', async ({ page }) => {
  const vera = fresh('vera');
  await page.goto('/import');
  await page.getByLabel('File').setInputFiles({ name: 'x.xls', mimeType: 'application/vnd.ms-excel', buffer: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1]) });
  await page.getByRole('button', { name: 'Read the list' }).click();
  await expect(page.getByText('This is the old format of Excel.', { exact: false }).first()).toBeVisible();
  await page.getByLabel('Or paste rows of a table').fill(`Vera Orlova\t${vera}\n`);
  await page.getByRole('button', { name: 'Read the list' }).click();
  await expect(page.locator('#counts')).toHaveText('1 ready');
  await page.getByRole('button', { name: 'Discard this list' }).click();
  await expect(page).toHaveURL(/\/import$/);
  await expect(page.getByRole('button', { name: 'Read the list' })).toBeVisible();
});

test('somebody is added without an invitation and invited from their card', async ({ page }) => {
  const vera = fresh('vera');
  await page.goto('/users/invite');
  await page.getByLabel('Addresses').fill(vera);
  await page.getByRole('button', { name: 'Add without inviting' }).click();
  await expect(page.getByText('1 person was added').first()).toBeVisible();
  await page.getByRole('link', { name: vera }).click();
  await expect(page.getByText('Not invited').first()).toBeVisible();
  await page.getByRole('link', { name: 'Invite', exact: true }).first().click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Invite' }).click();
  await expect(page.getByText('The invitation is on its way.')).toBeVisible();
});

test('somebody who is there is changed as a list says, and is as they were when that is undone', async ({ page }) => {
  const email = fresh('marta');
  const read = async (name: string) => {
    await page.goto('/import');
    await page.getByLabel('Or paste rows of a table').fill(`Name\tEmail\n${name}\t${email}`);
    await page.getByRole('button', { name: 'Read the list' }).click();
    await expect(page).toHaveURL(/\/import\?id=/);
  };
  const imported = async (said: string) => {
    await expect(async () => {
      const link = page.getByRole('link', { name: 'Show how far it is' });
      if (await link.isVisible()) await link.click({ timeout: 2_000 }).catch(() => undefined);
      await expect(page.getByText(said)).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 30_000 });
  };
  await read('Marta Old');
  await page.getByRole('button', { name: 'Import 1 person' }).click();
  await imported('1 person was imported');

  await read('Marta New');
  await expect(page.locator('#counts')).toHaveText('1 already here');
  await page.getByRole('radio', { name: 'Change what the list says otherwise' }).check();
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(page.locator('#counts')).toHaveText('1 ready');
  await page.getByRole('link', { name: 'Show rows' }).click();
  await expect(page.getByText('Full name: Marta Old → Marta New')).toBeVisible();
  await page.getByRole('button', { name: 'Import 1 person' }).click();
  await imported('1 person was changed.');
  const report = page.url();
  await page.goto(`/users?q=${encodeURIComponent(email)}`);
  await expect(page.getByRole('link', { name: /Marta New/ }).first()).toBeVisible();
  await page.goto(report);
  await undoImport(page);
  await expect(page.getByText('Undone for 1 person.')).toBeVisible();
  await page.goto(`/users?q=${encodeURIComponent(email)}`);
  await expect(page.getByRole('link', { name: /Marta Old/ }).first()).toBeVisible();
});

/** The answer to `Show how far it is`, again and again, until the page shows this. */
async function lookUntil(page: import('@playwright/test').Page, wanted: import('@playwright/test').Locator) {
  await expect(async () => {
    const link = page.getByRole('link', { name: 'Show how far it is' });
    if (!(await wanted.isVisible()) && (await link.isVisible())) await link.click({ timeout: 2_000 }).catch(() => undefined);
    await expect(wanted).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
}

/** How many people the head of the list counts. */
async function everybody(page: import('@playwright/test').Page): Promise<number> {
  await page.goto('/users');
  const counted = /Users\s*([\d,]+)/.exec(await page.locator('main').innerText())?.[1] ?? '';
  return Number(counted.replace(/\D/g, ''));
}

test('a long import is stopped on its page, and what it had taken is undone there', async ({ page, server }) => {
  test.setTimeout(180_000);
  const mark = fresh('x').split('@')[0];
  const before = await everybody(page);
  const rows = Array.from({ length: 6_000 }, (_, n) => `Long ${mark} ${n};long${n}.${mark}@school.example`);
  await page.goto('/import');
  await page.getByLabel('File').setInputFiles({
    name: 'long.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(['Name;Email', ...rows].join('\r\n')),
  });
  await page.getByRole('button', { name: 'Read the list' }).click();
  await expect(page.locator('#counts')).toHaveText(/6,?000 ready/, { timeout: 30_000 });
  await page.locator('#run').click();
  const stop = page.getByRole('button', { name: 'Stop', exact: true });
  await expect(stop).toBeVisible({ timeout: 30_000 });
  // Some are in before it is stopped.
  await expect(async () => {
    const link = page.getByRole('link', { name: 'Show how far it is' });
    await link.click({ timeout: 1_000 });
    await expect(page.getByText(/Importing: [1-9],?\d{3}/).first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await stop.click();
  await expect(page.getByText('The import was stopped')).toBeVisible();
  const taken = page.getByText(/^[0-9,]+ people were imported$/);
  await expect(taken).toBeVisible();
  const number = Number((await taken.innerText()).replace(/\D/g, ''));
  expect(number).toBeGreaterThan(0);
  expect(number).toBeLessThan(6_000);
  // What the page says is what the list shows, now and a moment later.
  const report = page.url();
  expect(await everybody(page)).toBe(before + number);
  await page.waitForTimeout(1_500);
  expect(await everybody(page)).toBe(before + number);

  // Undone by a job; stopped once, and gone on with.
  await page.goto(report);
  await undoImport(page);
  await expect(page.getByText('The import is being taken back').first()).toBeVisible();
  await stop.click();
  // A quick machine is through before it is stopped.
  const undone = page.getByText('The import was undone');
  await expect(taken.or(undone)).toBeVisible();
  if (await taken.isVisible()) {
    const left = Number((await taken.innerText()).replace(/\D/g, ''));
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(number);
    await undoImport(page);
  }
  await lookUntil(page, undone);
  // What was said of the stop holds no more.
  await expect(page.getByText('Who was taken before stays', { exact: false })).toHaveCount(0);
  await expect(page.locator('#undo-import')).toHaveCount(0);
  await expect(taken).toHaveCount(0);
  expect(await everybody(page)).toBe(before);
  await page.goto(`/users?q=${mark}`);
  await expect(page.getByRole('heading', { name: /Nobody matches/ })).toBeVisible();
  expect(server.output()).not.toMatch(/panicked/);
});
