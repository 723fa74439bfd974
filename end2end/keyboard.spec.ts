// Without a mouse: set-up, the door, a role and the link of an invitation, by Tab, Space and Enter alone. One sees where one
// is at every step, and after a refusal one stands at what is wrong.
import { expect, test } from './support/fixtures.ts';
import { enter, expectVisibleFocus, goToMistake, tabTo, typeInto } from './support/keyboard.ts';
import { link } from './support/mail.ts';
import { ANNA, PASSWORD, fresh, invite, setUp, signIn } from './support/people.ts';
import { startServer } from './support/server.ts';

test('an installation is set up by keyboard @desktop-only', async ({ page }) => {
  const server = await startServer();
  try {
    await page.goto(`${server.url}/set-up`);
    const code = page.getByLabel('Set-up code');
    await expect(code).toBeFocused();
    await expectVisibleFocus(code);
    await page.keyboard.type('AAAA-AAAA');
    await typeInto(page, page.getByRole('textbox', { name: 'Full name' }), ANNA.name);
    await typeInto(page, page.getByRole('textbox', { name: 'E-mail', exact: true }), ANNA.email);
    await typeInto(page, page.locator('input[name=password]'), ANNA.password);
    await typeInto(page, page.getByRole('textbox', { name: 'Organisation' }), 'ACME School');
    const dispatch = page.getByRole('radio', { name: 'Dispatch', exact: true });
    await tabTo(page, dispatch);
    await page.keyboard.press('ArrowDown');
    const school = page.getByRole('radio', { name: 'School', exact: true });
    await expect(school).toBeChecked();
    await expectVisibleFocus(school);
    await typeInto(page, page.getByLabel('Time zone'), 'Europe/Minsk');
    await enter(page, page.getByRole('button', { name: 'Finish and invite people' }));

    await goToMistake(page, 'This code does not match', code);
    await expect(school).toBeChecked();
    await typeInto(page, code, await server.setUpCode());
    await typeInto(page, page.locator('input[name=password]'), ANNA.password);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/users/);
    await expect(page.getByRole('row', { name: /Anna Petrova/ })).toContainText('Owner');
  } finally {
    await server.stop();
  }
});

test('one signs in by keyboard, and a wrong password loses only itself @desktop-only', async ({ page, server }) => {
  await setUp(server);
  await page.goto('/sign-in');
  const name = page.getByLabel(/^E-mail( or (phone|login)|, phone or login)?/);
  await expect(name).toBeFocused();
  await page.keyboard.type(ANNA.email);
  await typeInto(page, page.locator('input[name=password]'), 'not my password at all');
  // Show can be pressed, and the letters are hidden again before anything is sent.
  await tabTo(page, page.getByRole('button', { name: 'Show' }));
  await page.keyboard.press('Space');
  await expect(page.locator('input[name=password]')).toHaveAttribute('type', 'text');
  await enter(page, page.getByRole('button', { name: 'Sign in', exact: true }));

  await expect(page.getByRole('alert').filter({ hasText: 'is not right' })).toBeFocused();
  await expect(name).toHaveValue(ANNA.email);
  await typeInto(page, page.locator('input[name=password]'), ANNA.password);
  const keep = page.getByRole('checkbox', { name: /Keep me signed in/ });
  const was = await keep.isChecked();
  await tabTo(page, keep);
  await page.keyboard.press('Space');
  await expect(keep).toBeChecked({ checked: !was });
  await enter(page, page.getByRole('button', { name: 'Sign in', exact: true }));
  await expect(page).toHaveURL(/\/users/);
});

test('a role is changed by keyboard, and a refusal takes the focus @desktop-only', async ({ page, context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  await page.goto('/settings/roles', { waitUntil: 'networkidle' });
  await enter(page, page.getByRole('link', { name: 'Agent group manager', exact: true }));
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Agent group manager');
  // Above the role that may give it: refused.
  await typeInto(page, page.getByLabel('Order'), '45');
  await enter(page, page.getByRole('button', { name: 'Save' }));
  await expect(page.getByRole('alert').filter({ hasText: 'below it' })).toBeFocused();
  await expect(page.getByLabel('Order')).toHaveValue('45');

  await typeInto(page, page.getByLabel('Order'), '21');
  const sees = page.getByRole('group', { name: 'Sees' }).getByRole('checkbox', { name: 'Units', exact: true });
  await tabTo(page, sees);
  await page.keyboard.press('Space');
  await expect(sees).toBeChecked();
  await enter(page, page.getByRole('button', { name: 'Save' }));
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await enter(page, page.getByRole('link', { name: 'Agent group manager', exact: true }));
  await expect(page.getByLabel('Order')).toHaveValue('21');
  await expect(sees).toBeChecked();
});

test('one registers from the link by keyboard @desktop-only', async ({ page, context, browser, server, mails }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
  const email = fresh('kira');
  await invite(page, email);
  const door = link((await mails.mailTo(email)).raw, '/i/');
  const own = await browser.newContext({ baseURL: server.url });
  const theirs = await own.newPage();
  await theirs.goto(door);
  const phone = theirs.getByLabel('Phone');
  await typeInto(theirs, theirs.getByLabel('Full name'), 'Kira Key');
  await typeInto(theirs, phone, '29 123-45-67');
  await typeInto(theirs, theirs.locator('input[name=password]'), PASSWORD);
  await theirs.keyboard.press('Enter');

  // Held back: the keyboard stands where the mistake is, and nothing has to be typed again.
  await expect(phone).toBeFocused();
  await expect(theirs.getByText(/country code/).first()).toBeVisible();
  await expect(phone).toHaveValue('29 123-45-67');
  await expect(theirs.getByLabel('Full name')).toHaveValue('Kira Key');
  await theirs.keyboard.press('ControlOrMeta+A');
  await theirs.keyboard.press('Delete');
  await enter(theirs, theirs.getByRole('button', { name: 'Create account' }));
  await expect(theirs).not.toHaveURL(/\/i\//);
  await expect(theirs.getByRole('button', { name: 'Account of Kira Key' })).toBeVisible();
  await own.close();
});
