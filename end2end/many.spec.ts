// One action for many people: boxes in the table, a bar that counts, a question that says who is passed over, a report; with script
// and without, at the desk and on a phone.
import { expectAccessibleInBothThemes } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { ANNA, fresh, invite, member, post, SETTINGS, setUp, signIn, untilListed } from './support/people.ts';

const NAMES = ['Ada', 'Bea', 'Cora', 'Dora', 'Edda', 'Fay', 'Gerda', 'Hedda', 'Ines', 'Jana', 'Kaja', 'Lena'];

test.beforeEach(async ({ context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
});

/** So many people of one surname, invited. */
async function crowd(page: import('@playwright/test').Page, surname: string, n: number) {
  const people = Array.from({ length: n }, (_, at) => `${NAMES[at % NAMES.length]} ${surname} <${fresh(`p${at}`)}>`);
  await invite(page, people.join('\n'));
  const list = `/users?q=${surname.toLowerCase()}&status=invited`;
  await expect(async () => {
    await page.goto(list);
    await expect(page.getByRole('row', { name: new RegExp(surname) })).toHaveCount(Math.min(n, 50), { timeout: 500 });
  }).toPass({ timeout: 30_000 });
  return list;
}

/** Until the table has come to life: then it offers to tick the whole page. */
async function alive(page: import('@playwright/test').Page) {
  await expect(page.getByRole('checkbox', { name: 'Select everybody on this page' })).toBeVisible();
}

test('two of three are blocked from the bar, and let in again', async ({ page }) => {
  await crowd(page, 'Quill', 3);
  await page.goto('/users?q=quill');
  const bar = page.locator('.bulk-bar');
  await expect(bar).toBeHidden();
  await page.getByRole('checkbox', { name: 'Ada Quill' }).check();
  await page.getByRole('checkbox', { name: 'Cora Quill' }).check();
  await expect(bar).toBeVisible();
  await bar.getByRole('button', { name: 'Block', exact: true }).click();
  await expect(page).toHaveURL(/\/users\/many\/.*q=quill/);
  await expect(page.getByRole('alertdialog', { name: 'Block 2 people?' })).toBeVisible();
  await page.getByRole('button', { name: 'Block 2 people' }).click();
  await expect(page.getByRole('alertdialog', { name: 'Blocked: 2' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Unblock 2 people' }).click();
  await expect(page.getByRole('alertdialog', { name: 'Unblocked: 2' })).toBeVisible();
  await page.getByRole('link', { name: 'Close' }).click();
  await expect(page).toHaveURL(/\/users\?q=quill/);
  await expect(page.getByRole('row', { name: /Quill/ }).getByText('Blocked')).toHaveCount(0);
});

test('the bar counts, and all that match are selected by one box @script-only', async ({ page }) => {
  await crowd(page, 'Rowan', 12);
  const bar = page.locator('.bulk-bar');
  await page.getByRole('checkbox', { name: 'Dora Rowan' }).check();
  await expect(bar.getByText('Selected: 1')).toBeVisible();
  await page.getByRole('checkbox', { name: 'Select all 12' }).check();
  await expect(bar.getByText('Selected: 12')).toBeVisible();
  await expectAccessibleInBothThemes(page, 'a selection');
  await page.getByRole('checkbox', { name: 'Dora Rowan' }).uncheck();
  await expect(bar.getByText('Selected: 11')).toBeVisible();
  await bar.getByRole('button', { name: 'Clear selection' }).click();
  await expect(bar).toBeHidden();
  await page.getByRole('checkbox', { name: 'Select all 12' }).check();
  await bar.getByRole('button', { name: 'Block', exact: true }).click();
  const question = page.getByRole('alertdialog', { name: 'Block 12 people?' });
  await expectAccessibleInBothThemes(page, 'a question about many');
  // Back leads to the list, not to whatever stood before it.
  await page.goBack();
  await expect(page).toHaveURL(/\/users\?q=rowan/);
  await page.goForward();
  await expect(question).toBeVisible();
  await question.getByRole('button', { name: 'Block 12 people' }).click();
  await expect(question).toBeVisible();
  await question.getByLabel('Type 12 to confirm').fill('11');
  await question.getByRole('button', { name: 'Block 12 people' }).click();
  await expect(page.getByText(/not the number of people/).first()).toBeVisible();
  // What was refused leaves selected whoever was.
  await page.goBack();
  await expect(bar.getByText('Selected: 12')).toBeVisible();
  await page.goForward();
  await page.getByLabel('Type 12 to confirm').fill('12');
  await page.getByRole('button', { name: 'Block 12 people' }).click();
  await expect(page.getByRole('alertdialog', { name: 'Blocked: 12' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/users\?q=rowan/);
  await expect(page.locator('.bulk-bar')).toBeHidden();
});

test('what was ticked before the page came to life stays ticked, and rows that come change nobody @script-only @desktop-only', async ({
  page,
}) => {
  await crowd(page, 'Sorrel', 3);
  await page.goto('/users?q=sorrel', { waitUntil: 'commit' });
  await page.getByRole('checkbox', { name: 'Bea Sorrel' }).check();
  await alive(page);
  await expect(page.getByRole('checkbox', { name: 'Bea Sorrel' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Ada Sorrel' })).not.toBeChecked();
});

test('everybody who is waited for is reminded in four steps', async ({ page }) => {
  const list = await crowd(page, 'Teasel', 5);
  await page.goto(list);
  await page.getByRole('button', { name: 'Remind all 5' }).click();
  await expect(page.getByRole('alertdialog', { name: 'Remind 5 people?' })).toBeVisible();
  await page.getByRole('button', { name: 'Send reminders' }).click();
  await expect(page.getByRole('alertdialog', { name: 'Reminders sent: 5' })).toBeVisible();
});

test('rows are walked and ticked by keys @script-only @desktop-only', async ({ page }) => {
  await crowd(page, 'Umber', 3);
  await page.goto('/users?q=umber');
  await alive(page);
  await page.keyboard.press('j');
  await expect(page.getByRole('link', { name: 'Ada Umber' })).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(page.getByRole('checkbox', { name: 'Bea Umber' })).toBeChecked();
  await page.keyboard.press('k');
  await expect(page.getByRole('link', { name: 'Ada Umber' })).toBeFocused();
  await page.keyboard.press('.');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Ada Umber' }).focus();
  await page.keyboard.press('e');
  await expect(page).toHaveURL(/\/edit$/);
});

test('the list is taken away as a file', async ({ page }) => {
  await crowd(page, 'Vetch', 2);
  await page.goto('/users?q=vetch');
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).first().click();
  const file = await waiting;
  expect(file.suggestedFilename()).toBe('users.csv');
  const workbook = page.waitForEvent('download');
  await page.getByRole('button', { name: 'XLSX' }).click();
  expect((await workbook).suggestedFilename()).toBe('users.xlsx');
  await untilListed(page, '/users?q=vetch', /Vetch/);
});

test('whoever is ticked on one page stays so on the next @script-only @desktop-only', async ({ page }) => {
  test.setTimeout(60_000);
  await crowd(page, 'Yarrow', 52);
  await page.goto('/users?q=yarrow', { waitUntil: 'networkidle' });
  const bar = page.locator('.bulk-bar');
  await page.getByRole('row', { name: /Yarrow/ }).first().getByRole('checkbox').check();
  await expect(bar).toContainText('Selected: 1');
  await page.getByRole('link', { name: /^Next/ }).click();
  await expect(page).toHaveURL(/after=/);
  await expect(bar).toContainText('Selected: 1');
  await page.getByRole('row', { name: /Yarrow/ }).first().getByRole('checkbox').check();
  await expect(bar).toContainText('Selected: 2');
  await bar.getByRole('button', { name: 'Block', exact: true }).click();
  await expect(page.getByRole('alertdialog', { name: 'Block 2 people?' })).toBeVisible();
});

test('a form that selects nobody says so where the list stands', async ({ page }) => {
  await crowd(page, 'Zinnia', 2);
  await page.goto('/users?q=zinnia');
  const box = page.getByRole('row', { name: /Zinnia/ }).first().getByRole('checkbox');
  await box.check();
  // As if the row had gone meanwhile.
  await box.evaluate((one) => { (one as HTMLInputElement).removeAttribute('name'); });
  await page.locator('.bulk-bar').getByRole('button', { name: 'Block', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('Nobody is selected');
  await expect(page.getByRole('row', { name: /Zinnia/ }).first()).toBeVisible();
});

test('the question names whom it means, and says what the limit of the day leaves', async ({ page, browser, mails, server }) => {
  test.setTimeout(120_000);
  const list = await crowd(page, 'Wisteria', 23);
  // Somebody who has caused no letter yet.
  const carl = await member(browser, server, mails, { name: 'Carl Chief', email: fresh('carl'), role: 'Company administrator' });
  const own = await carl.newPage();
  const most = async (letters: number) => {
    const signedIn = await post(server, '/sign-in', { username: ANNA.email, password: ANNA.password });
    const cookie = signedIn.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ');
    const changed = { ...SETTINGS, letters_a_day: `${letters}`, hold_seconds: '0' };
    expect((await post(server, '/api/change-settings', changed, cookie)).status).toBe(303);
  };
  const rows = own.getByRole('row', { name: /Wisteria/ });
  const ask = async (n: number, button: string) => {
    await own.goto(list);
    for (let at = 0; at < n; at += 1) await rows.nth(at).getByRole('checkbox').check();
    await own.locator('.bulk-bar').getByRole('button', { name: button, exact: true }).click();
    await expect(own).toHaveURL(/\/users\/many\//);
    return own.getByRole('alertdialog');
  };
  const limit = own.getByText('Today you may still cause this many messages');
  try {
    // A few are all named, of many the first.
    let question = await ask(2, 'Block');
    await expect(question).toHaveAccessibleName('Block 2 people?');
    await expect(question.locator('#whom')).toHaveText(/^\w+ Wisteria, \w+ Wisteria$/);
    await expect(limit).toHaveCount(0);
    question = await ask(5, 'Withdraw');
    await expect(question).toHaveAccessibleName('Withdraw the invitations of 5 people?');
    await expect(question.locator('#whom')).toHaveText(/^(\w+ Wisteria, ){2}\w+ Wisteria\D*2/);
    await expect(limit).toHaveCount(0);

    // No fewer can be allowed.
    await most(20);
    question = await ask(20, 'Remind');
    await expect(question).toHaveAccessibleName('Remind 20 people?');
    await expect(limit).toHaveCount(0);
    question = await ask(22, 'Remind');
    await expect(question).toHaveAccessibleName('Remind 22 people?');
    await expect(question.getByText('Today you may still cause this many messages: 20.')).toBeVisible();
    await expect(question.locator('#whom')).toHaveText(/^(\w+ Wisteria, ){2}\w+ Wisteria\D*19/);
    // As it says: twenty go, and of the others the report says why they do not.
    await question.getByRole('button', { name: 'Send reminders' }).click();
    const report = own.getByRole('alertdialog', { name: 'Reminders sent: 20' });
    await expect(report).toBeVisible();
    await expect(report.getByText(/Not done\D*2|2\D*not done/i).first()).toBeVisible();
  } finally {
    await most(2000);
    await carl.close();
  }
});
