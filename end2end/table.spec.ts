// The users table: what a row's dots offer is done where the row stands; what others do appears by itself; nothing jumps.
import { expectAccessibleInBothThemes } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { ANNA, fresh, invite, post, setUp, signIn, untilListed } from './support/people.ts';

test.beforeEach(async ({ context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
});

test('a row is blocked where it stands, and Undo takes it back @script-only', async ({ page }) => {
  const email = fresh('ida');
  await invite(page, `Ida Ibsen <${email}>`);
  await untilListed(page, `/users?q=${encodeURIComponent(email)}`, /Ida Ibsen/);
  const row = page.getByRole('row', { name: /Ida Ibsen/ });
  const dots = row.getByRole('button', { name: 'More actions for Ida Ibsen' });
  await dots.click();
  const menu = page.getByRole('menu', { name: 'More actions for Ida Ibsen' });
  await expect(menu).toBeVisible();
  await expectAccessibleInBothThemes(page, 'the menu of a row');
  await menu.getByRole('menuitem', { name: 'Block' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Block Ida Ibsen?' });
  await expect(dialog.getByRole('link', { name: 'Cancel' })).toBeFocused();
  await dialog.getByLabel('Reason').fill('Left');
  await dialog.getByRole('button', { name: 'Block Ida Ibsen' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(row.getByText('Blocked')).toBeVisible();
  await expect(page).toHaveURL(/\/users\?q=/);
  const undo = page.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeFocused();
  await undo.click();
  await expect(row.getByText('Blocked')).toHaveCount(0);
  await expect(page.getByText('Unblocked.')).toBeVisible();
});

test('a menu opens and closes by keyboard, and Escape leads back to its button @script-only @desktop-only', async ({ page }) => {
  const email = fresh('jon');
  await invite(page, `Jon Jansen <${email}>`);
  await untilListed(page, `/users?q=${encodeURIComponent(email)}`, /Jon Jansen/);
  const dots = page.getByRole('button', { name: 'More actions for Jon Jansen' });
  await dots.focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Open' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dots).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Open' })).toBeFocused();
  await page.keyboard.press('w');
  await expect(page.getByRole('menuitem', { name: 'Withdraw' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alertdialog').getByRole('link', { name: 'Keep' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await expect(dots).toBeFocused();
});

test('a refusal is said in the dialog, and what was typed stays @script-only', async ({ page }) => {
  const email = fresh('kim');
  await invite(page, `Kim Kern <${email}>`);
  await untilListed(page, `/users?q=${encodeURIComponent(email)}`, /Kim Kern/);
  await page.getByRole('button', { name: 'More actions for Kim Kern' }).click();
  await page.getByRole('menuitem', { name: /Delete/ }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Delete Kim Kern?' });
  await dialog.getByLabel(/Type .* to confirm/).fill('somebody@else.example');
  await dialog.getByRole('button', { name: 'Delete forever' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Type it exactly to confirm');
  await expect(dialog.getByLabel(/Type .* to confirm/)).toHaveValue('somebody@else.example');
  await dialog.getByLabel(/Type .* to confirm/).fill(email);
  await dialog.getByRole('button', { name: 'Delete forever' }).click();
  await expect(page.getByRole('row', { name: /Kim Kern/ })).toHaveCount(0);
  await expect(page.getByText(/^Deleted\./)).toBeVisible();
});

test('what another administrator does appears by itself, and no row moves under the pointer @script-only @desktop-only', async ({
  page,
  context,
  server,
}) => {
  const email = fresh('lou');
  await invite(page, `Lou Lang <${email}>`);
  await untilListed(page, `/users?q=lang&sort=-added`, /Lou Lang/);
  const row = page.getByRole('row', { name: /Lou Lang/ });
  const href = await row.getByRole('link').first().getAttribute('href');
  const cookie = (await context.cookies()).map((each) => `${each.name}=${each.value}`).join('; ');
  await page.waitForTimeout(1500);
  await row.hover();
  await post(server, '/api/block', { id: href?.split('/').pop() ?? '', reason: '' }, cookie);
  await expect(row.getByText('Blocked')).toBeVisible({ timeout: 2500 });

  // Somebody new would push the row down: it waits until it is asked for.
  const other = await context.newPage();
  await invite(other, `Max Lang <${fresh('max')}>`);
  await page.bringToFront();
  await row.hover();
  await expect(page.getByText(/Changes in the list: \d/)).toBeVisible({ timeout: 5000 });
  await expect(page.getByRole('row', { name: /Max Lang/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByRole('row', { name: /Max Lang/ })).toBeVisible();
  await expect(page.getByText(/Changes in the list/)).toHaveCount(0);
});

test('the dots of a row lead to its person without script @no-script-only', async ({ page }) => {
  const email = fresh('mia');
  await invite(page, `Mia Moor <${email}>`);
  await page.goto(`/users?q=${encodeURIComponent(email)}`);
  await page.getByRole('link', { name: 'More actions for Mia Moor' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Mia Moor' })).toBeVisible();
});

test('a list is saved under a name, and leads back to what it was narrowed to', async ({ page }) => {
  const name = `Newest ${Math.random().toString(36).slice(2, 8)}`;
  await page.goto('/users?status=active&sort=-added');
  const views = page.getByRole('navigation', { name: 'Views' });
  await views.getByRole('link', { name: 'Saved views' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Saved views' })).toBeVisible();
  await page.getByLabel('Name of the list that you came from').fill(name);
  await page.getByRole('button', { name: 'Save view' }).click();
  await expect(page).toHaveURL(/\/users\?status=active&sort=-added$/);
  await expect(views.getByRole('link', { name })).toHaveAttribute('aria-current', 'page');
  await page.goto('/users');
  await views.getByRole('link', { name }).click();
  await expect(page).toHaveURL(/\/users\?status=active&sort=-added$/);
  await views.getByRole('link', { name: 'Saved views' }).click();
  await page.getByRole('button', { name: `Forget ${name}` }).click();
  await expect(page.getByRole('link', { name, exact: true })).toHaveCount(0);
});
