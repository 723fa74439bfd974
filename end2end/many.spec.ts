// One action for many people: boxes in the table, a bar that counts, a question that says who is passed over, a report; with script
// and without, at the desk and on a phone.
import { expectAccessibleInBothThemes } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { ANNA, fresh, invite, setUp, signIn, untilListed } from './support/people.ts';

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
  await page.waitForTimeout(1500);
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
  await page.waitForTimeout(1000);
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
