// Looking at people and changing them: search, filters, card, edit, role, block, delete; what those see who only look.
import { expectAccessibleInBothThemes } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { link } from './support/mail.ts';
import { ANNA, PASSWORD, fresh, invite, member, post, register, setUp, signIn, untilListed } from './support/people.ts';

test.beforeEach(async ({ context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
});

test('block signs out at once, unblock lets in again, delete needs the address', async ({ page, browser, server, mails }) => {
  const email = fresh('maria');
  const theirs = await member(browser, server, mails, { name: 'Maria Weiss', email, role: 'Dispatcher' });
  const them = await theirs.newPage();
  await them.goto('/users');
  await expect(them.getByRole('heading', { level: 1 })).toBeVisible();

  await page.goto(`/users?q=${encodeURIComponent(email)}`);
  await page.getByRole('link', { name: /Maria Weiss/ }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: /Maria Weiss/ })).toBeVisible();
  const card = page.url();

  await page.goto(`${card}?do=block`);
  const dialog = page.getByRole('alertdialog', { name: 'Block Maria Weiss?' });
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('Reason').fill('Left the school');
  await dialog.getByRole('button', { name: 'Block Maria Weiss' }).click();
  await expect(page.getByText('Blocked').first()).toBeVisible();
  await expect(page.getByText('Left the school').first()).toBeVisible();
  await them.goto('/users');
  await expect(them).toHaveURL(/\/sign-in/);

  await page.goto(`${card}?do=unblock`);
  await page.getByRole('button', { name: 'Unblock Maria Weiss' }).click();
  await expect(page.getByText('Active').first()).toBeVisible();

  await page.goto(`${card}?do=delete`);
  const last = page.getByRole('alertdialog', { name: 'Delete Maria Weiss?' });
  await last.getByLabel(/Type .* to confirm/).fill('somebody@else.example');
  await last.getByRole('button', { name: 'Delete forever' }).click();
  await expect(page.getByText(/Type it exactly to confirm/).first()).toBeVisible();
  await page.getByLabel(/Type .* to confirm/).fill(email);
  await page.getByRole('button', { name: 'Delete forever' }).click();
  await expect(page).toHaveURL(/\/users$/);
  await page.goto(`/users?q=${encodeURIComponent(email)}`);
  await expect(page.getByRole('heading', { name: /Nobody matches/ })).toBeVisible();
  await theirs.close();
});

test('the role changes before acceptance, and the link keeps working', async ({ page, browser, mails, server }) => {
  const email = fresh('roman');
  await invite(page, email);
  await page.getByRole('link', { name: email }).click();
  await expect(page).toHaveURL(/\/users\/[0-9a-f]{8}-/);
  const card = page.url().split('?')[0] ?? '';
  await page.goto(`${card}?do=role`);
  await page.getByRole('radio', { name: 'Dispatcher' }).check();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Change role' }).click();
  await expect(page.getByText('The role is changed.', { exact: false })).toBeVisible();

  const other = await browser.newContext({ baseURL: server.url });
  const theirs = await other.newPage();
  await register(theirs, mails, email, 'Roman Roth');
  await expect(theirs).toHaveURL(/\/$/);
  await other.close();
  await page.goto(card);
  await expect(page.getByText('Dispatcher').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: /Roman Roth/ })).toBeVisible();
});

test('resend ends the old link, withdraw ends every link', async ({ page, mails, browser, javaScriptEnabled }) => {
  const email = fresh('lena');
  await invite(page, email);
  const first = link((await mails.mailTo(email)).raw, '/i/');
  await page.getByRole('link', { name: email }).click();
  await expect(page).toHaveURL(/\/users\/[0-9a-f]{8}-/);
  const card = page.url().split('?')[0] ?? '';
  await page.goto(`${card}?do=resend`);
  await page.getByRole('button', { name: 'Resend invitation' }).click();
  const second = link((await mails.mailTo(email, 2)).raw, '/i/');
  expect(second).not.toBe(first);
  const other = await browser.newContext();
  const theirs = await other.newPage();
  await theirs.goto(first);
  await expect(theirs.getByRole('heading', { name: 'There is a newer link' })).toBeVisible();
  if (javaScriptEnabled) await expectAccessibleInBothThemes(theirs, 'an older link');
  await theirs.goto(second);
  await expect(theirs.getByRole('button', { name: 'Create account' })).toBeVisible();
  await page.goto(`${card}?do=withdraw`);
  await page.getByRole('button', { name: 'Withdraw invitation' }).click();
  await expect(page.getByText('Withdrawn').first()).toBeVisible();
  await theirs.goto(second);
  await expect(theirs.getByRole('heading', { name: 'This invitation was withdrawn' })).toBeVisible();
  if (javaScriptEnabled) await expectAccessibleInBothThemes(theirs, 'a withdrawn link');
  await other.close();
});

// Rule 11.
test('a link can be handed over when mail does not arrive', async ({ page, browser }) => {
  const email = fresh('nina');
  await invite(page, email);
  await page.getByRole('link', { name: email }).click();
  await expect(page).toHaveURL(/\/users\/[0-9a-f]{8}-/);
  const card = page.url().split('?')[0] ?? '';
  await page.goto(`${card}?do=copy`);
  await page.getByRole('button', { name: 'Show link' }).click();
  const value = await page.getByLabel(/Give this link only to/).inputValue();
  expect(value).toMatch(/\/i\/[\w-]+$/);
  expect(page.url()).not.toContain('/i/');
  const other = await browser.newContext();
  const theirs = await other.newPage();
  await theirs.goto(value);
  await expect(theirs.getByRole('button', { name: 'Send the code' })).toBeVisible();
  await other.close();
});

test('those who only look see no way to change, and a forged request is refused', async ({ page, browser, server, mails }) => {
  const email = fresh('dora');
  const theirs = await member(browser, server, mails, { name: 'Dora Blum', email, role: 'Dispatcher' });
  const them = await theirs.newPage();
  await them.goto('/users');
  await expect(them.getByText(/View only/).first()).toBeVisible();
  await expect(them.getByRole('link', { name: 'Invite people' })).toHaveCount(0);
  await expect(them.getByRole('button', { name: /More actions/ })).toHaveCount(0);
  const answer = await them.goto('/users/invite');
  expect(answer?.status()).toBe(403);
  // Whoever can help is named: the nearest administrator, who need not be the first one.
  await expect(them.getByText(/^Ask \S+ \S+/).first()).toBeVisible();

  await page.goto(`/users?q=${encodeURIComponent(email)}`);
  const href = await page.getByRole('link', { name: /Dora Blum/ }).first().getAttribute('href');
  const id = href?.split('/').pop() ?? '';
  const cookie = (await theirs.cookies()).map((each) => `${each.name}=${each.value}`).join('; ');
  const forged = await fetch(`${server.url}/api/block`, {
    method: 'POST',
    body: new URLSearchParams({ id, reason: '' }),
    headers: { origin: server.url, accept: 'application/json', cookie },
  });
  expect(forged.status).toBe(403);
  await theirs.close();
});

test('name and phone are edited; what the person entered stays', async ({ page, browser, server, mails }) => {
  const email = fresh('felix');
  await invite(page, `Felix <${email}>`);
  await page.getByRole('link', { name: email }).click();
  await expect(page).toHaveURL(/\/users\/[0-9a-f]{8}-/);
  const card = page.url().split('?')[0] ?? '';
  await page.goto(`${card}/edit`);
  await page.getByLabel('Full name').fill('Felix Braun');
  await page.getByLabel('Phone').fill('29 1');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(/country code is missing|too short/).first()).toBeVisible();
  await expect(page.getByLabel('Full name')).toHaveValue('Felix Braun');
  await page.getByLabel('Phone').fill('+375 29 123-45-67');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(page.getByText('+375291234567').first()).toBeVisible();
  const other = await browser.newContext({ baseURL: server.url });
  const theirs = await other.newPage();
  await register(theirs, mails, email, 'Felix B. Braun');
  await other.close();
  await page.goto(`${card}/edit`);
  await expect(page.getByText(/entered this name/)).toBeVisible();
  await page.goto(card);
  await page.getByText(/\+375291234567/).first().waitFor();
});

test('forgotten password: the link sets a new one, once', async ({ browser, server, mails }) => {
  const email = fresh('greta');
  const theirs = await member(browser, server, mails, { name: 'Greta Lind', email, role: 'Dispatcher' });
  await theirs.clearCookies();
  const them = await theirs.newPage();
  await them.goto('/sign-in');
  await them.getByRole('link', { name: 'Forgot your password?' }).click();
  await them.getByRole('textbox').first().fill(email);
  await them.getByRole('button', { name: 'Send reset link' }).click();
  await expect(them.getByText('If an account exists', { exact: false })).toBeVisible();
  const door = link((await mails.mailTo(email, 2)).raw, '/reset/');
  await them.goto(door);
  await them.locator('input[name=password]').fill('amber window seven');
  await them.getByRole('button', { name: /Save|Set a new password/ }).click();
  await expect(them).toHaveURL(/\/sign-in/);
  await them.getByLabel(/^E-mail( or (phone|login)|, phone or login)?/).fill(email);
  await them.locator('input[name=password]').fill(PASSWORD);
  await them.getByRole('button', { name: 'Sign in' }).click();
  await expect(them.getByText('is not right').first()).toBeVisible();
  await them.locator('input[name=password]').fill('amber window seven');
  await them.getByRole('button', { name: 'Sign in' }).click();
  await expect(them).toHaveURL(/\/users/);
  await them.goto(door);
  await expect(them.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();
  await theirs.close();
});

// Rule 84.
test('search, filter and sort stand in the address, reload and Back restore them', async ({ page }) => {
  const email = fresh('zoe');
  await invite(page, `Zoë Zimmer <${email}>`);
  await untilListed(page, '/users?q=zimmer&status=invited&sort=-added', /Zoë Zimmer/);
  await expect(page.getByRole('searchbox')).toHaveValue('zimmer');
  await expect(page.getByRole('row', { name: /Zoë Zimmer/ }).first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole('row', { name: /Zoë Zimmer/ }).first()).toBeVisible();
  await page.goto('/users?q=nobodyhasthisname');
  await expect(page.getByRole('heading', { name: /Nobody matches/ })).toBeVisible();
  await page.getByRole('link', { name: 'Clear filters' }).first().click();
  await expect(page.getByRole('row', { name: /Anna Petrova/ })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { name: /Nobody matches/ })).toBeVisible();
});

test('search answers as one types @script-only', async ({ page }) => {
  const email = fresh('quentin');
  await invite(page, `Quentin Quast <${email}>`);
  await page.goto('/users');
  await page.getByRole('searchbox').click();
  await page.getByRole('searchbox').pressSequentially('quast', { delay: 30 });
  await expect(page).toHaveURL(/q=quast/);
  await expect(page.getByRole('row', { name: /Anna Petrova/ })).toHaveCount(0);
  await expect(page.getByRole('row', { name: /Quentin Quast/ }).first()).toBeVisible();
  await expect(page.getByRole('searchbox')).toBeFocused();
  await expect(page.getByRole('searchbox')).toHaveValue('quast');
});

test('nobody blocks themselves', async ({ page, server, context }) => {
  await page.goto('/users?q=anna');
  const href = await page.getByRole('link', { name: /Anna Petrova/ }).first().getAttribute('href');
  const cookie = (await context.cookies()).map((each) => `${each.name}=${each.value}`).join('; ');
  const answer = await post(server, '/api/block', { id: href?.split('/').pop() ?? '', reason: '' }, cookie);
  expect(answer.status).toBe(303);
  await page.goto('/users');
  await expect(page.getByRole('row', { name: /Anna Petrova/ }).getByText('Active')).toBeVisible();
});

test('the way to the relay is tried from the settings', async ({ page, mails }) => {
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Send a test to me' }).click();
  await expect(page.getByText(`A test message is on its way to ${ANNA.email}.`)).toBeVisible();
  await mails.mailTo(ANNA.email);
  await page.goto('/audit');
  await expect(page.getByText(/sent a test message/).first()).toBeVisible();
});
