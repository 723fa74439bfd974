// The invite form: what is pasted becomes rows with verdicts; the good rows go while the bad ones stay.
import { expect, test } from './support/fixtures.ts';
import type { Page } from '@playwright/test';
import { ANNA, fresh, invite, setUp, signIn } from './support/people.ts';

/** More than a cookie holds. */
const MANY = Array.from({ length: 150 }, (_, number) => `somebody.with.a.long.name${number}@company.example`).join('\n');

/** An answer that the page does not offer, as one of an older page might be: the form is refused. */
async function chooseWhatIsNotOffered(page: Page) {
  await page.locator('[name=valid_for]').first().evaluate((choice) => {
    const option = choice instanceof HTMLSelectElement ? choice.options[choice.selectedIndex] : choice;
    option?.setAttribute('value', '99999');
  });
}

/** The people in the form. */
const rows = (page: Page) => page.locator('.review > li');

/** Pastes a text into the field, as a browser would. */
async function paste(page: Page, text: string) {
  await page.getByRole('textbox', { name: 'Addresses' }).evaluate((field, text) => {
    (field as HTMLTextAreaElement).value += text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste', data: text }));
  }, text);
}

/** What the browser complained about since this was called. */
function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) found.push(message.text());
  });
  page.on('pageerror', (error) => found.push(String(error)));
  return found;
}

test.beforeEach(async ({ context, server }) => {
  await setUp(server);
  await signIn(context, server, ANNA);
});

test('the good rows go while the bad ones stay, and nothing typed is lost', async ({ page, mails }) => {
  const good = fresh('olga');
  await invite(page, `${good}\nolga@acme\nOlga Kim <olga.kim@gmial.com>\n\n+375 29 123-45-67`);
  await expect(page.getByText('1 invitation is on its way', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('Did you mean').first()).toBeVisible();
  await expect(page.getByText('there is no dot in it').first()).toBeVisible();
  await expect(page.getByText('Invitations go by e-mail').first()).toBeVisible();
  await mails.mailTo(good);
  expect(mails.mails.some((mail) => mail.to.includes('olga.kim@gmial.com'))).toBe(false);

  // One click mends the slip; the others still stay.
  await page.getByRole('radio', { name: 'Use olga.kim@gmail.com' }).check();
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page.getByRole('link', { name: 'olga.kim@gmail.com' })).toBeVisible();
  await expect(page.getByText('there is no dot in it').first()).toBeVisible();
});

test('a list of hundreds goes by itself, and the page says how far it is', async ({ page }) => {
  const many = Array.from({ length: 240 }, (_, number) => fresh(`round${number}`));
  await invite(page, [...many, 'olga@acme'].join('\n'));
  await expect(async () => {
    // Without script, a link looks again.
    const again = page.getByRole('link', { name: 'Show how far it is' });
    if (await again.isVisible()) await again.click({ timeout: 500 }).catch(() => undefined);
    await expect(page.getByText('240 invitations are on their way', { exact: true }).first()).toBeVisible({ timeout: 1_500 });
  }).toPass({ timeout: 30_000 });
  await expect(page.getByText('and 40 more')).toBeVisible();
  await expect(page.getByText('there is no dot in it').first()).toBeVisible();
});

test('somebody who is already here is offered the card instead', async ({ page }) => {
  const address = fresh('pavel');
  await invite(page, address);
  await invite(page, address);
  await expect(page.getByText(/Already here/).first()).toBeVisible();
  await page.getByRole('link', { name: 'Resend instead' }).click();
  await expect(page).toHaveURL(/\/users\/[0-9a-f-]+/);
});

test('a look-alike address is asked about, and may be meant', async ({ page, mails }) => {
  const first = fresh('ivan-smirnov');
  await invite(page, first);
  const twin = first.replace('ivan-smirnov', 'ivan_smirnov');
  await invite(page, twin);
  await expect(page.getByText(/Very close to/).first()).toBeVisible();
  await page.getByRole('checkbox', { name: /Different person/ }).check();
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page.getByText('1 invitation is on its way', { exact: true }).first()).toBeVisible();
  await mails.mailTo(twin);
});

test('only roles that one may give are offered', async ({ page }) => {
  await page.goto('/users/invite');
  await expect(page.getByRole('radio', { name: 'Company administrator' })).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Main administrator' })).toHaveCount(0);
});

test('the e-mail is looked at before anything is sent, and the form stays as it is', async ({ page, mails }) => {
  const address = fresh('lena');
  await page.goto('/users/invite');
  await page.getByRole('textbox', { name: 'Addresses' }).fill(address);
  const words = page.getByRole('textbox', { name: 'Personal message' });
  await words.fill('Bring your <b>passport</b>.');
  await page.getByText('Preview e-mail').click();
  // With script it is shown as soon as this is opened; without, when it is asked for.
  await page.getByRole('button', { name: 'Show as it stands now' }).click();
  const preview = page.frameLocator('iframe[name="letter"]');
  await expect(preview.getByText('Only a preview')).toBeVisible();
  await expect(preview.getByText('Anna Petrova invites you to').first()).toBeVisible();
  const [light, dark] = [preview.locator('iframe.is-light'), preview.locator('iframe.is-dark')];
  await expect(light).toBeVisible();
  await expect(light).toHaveAttribute('srcdoc', /Bring your &lt;b&gt;passport/);
  await expect(dark).toBeHidden();
  await preview.getByRole('radio', { name: 'Dark' }).check();
  await expect(dark).toBeVisible();
  await expect(light).toBeHidden();
  await preview.getByRole('radio', { name: 'Text' }).check();
  await expect(preview.getByText('> Bring your <b>passport</b>.')).toBeVisible();
  await expect(words).toHaveValue('Bring your <b>passport</b>.');
  expect(mails.mails.some((mail) => mail.to.includes(address))).toBe(false);

  // What is asked again shows what has been typed since.
  await words.fill('Bring nothing.');
  await page.getByRole('button', { name: 'Show as it stands now' }).click();
  await expect(light).toHaveAttribute('srcdoc', /Bring nothing/);
});

test('pasting shows the verdicts by itself @script-only', async ({ page }) => {
  await page.goto('/users/invite', { waitUntil: 'networkidle' });
  const field = page.getByRole('textbox', { name: 'Addresses' });
  await field.click();
  await field.fill('anna@gmial.com');
  await page.getByRole('textbox', { name: 'Personal message' }).focus();
  await expect(page.getByText('Did you mean anna@gmail.com?').first()).toBeVisible();
});

// The browser asks its own tables of letters and domains, the server those in the program: they must agree.
test('domains in letters are judged alike by the browser and by the server @script-only', async ({ page, browser, server }) => {
  const typed = [
    'a@Bücher.de', 'a@почта.рф', 'a@straße.de', 'a@xn--bcher-kva.de', 'a@faß.xn--p1ai', 'a@例え.コム', 'a@مثال.موقع',
    'a@-x.de', 'a@x-.de', 'a@ab--cd.de', 'a@xn--.de', 'a@xn--999999999.de', 'a@ü_b.de', 'a@ü＿b.de', 'a@ｗide.de', 'a@№.com',
    'a@1.2.3.4', 'a@0x7f.com', 'a@b..de', 'a@b.de.', 'a@b。de', 'a@ab\u0301c.de', 'a@\u0301b.de', 'a@xn--bcher-kva.xn--p1ai',
    'a@pаypal.com', 'a@аррӏе.com', 'a@xn--80ak6aa92e.com', `a@${'ü'.repeat(70)}.de`, `a@${'b'.repeat(64)}.de`, 'a@x%2ede.de', 'a@[::1]',
    'a@x:80.de', 'a@x/y.de', 'a@x?y.de', 'a@x#y.de', 'a@b@c.de',
  ];
  const verdicts = async (on: Page) => (await rows(on).allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').replace(/ (Correct|Remove) .*/, '')
    // Only the server knows whom it does not know.
    .replace(' No account is known to you under this: treated as new.', ''));

  await page.route('**/api/judge-rows', (route) => route.abort());
  await page.goto('/users/invite', { waitUntil: 'networkidle' });
  await paste(page, typed.join('\n'));
  await expect.poll(async () => (await verdicts(page)).length).toBeGreaterThan(20);
  const ofTheBrowser = await verdicts(page);

  const plain = await browser.newContext({ javaScriptEnabled: false });
  await signIn(plain, server, ANNA);
  const theirs = await plain.newPage();
  await theirs.goto('/users/invite');
  await theirs.getByRole('textbox', { name: 'Addresses' }).fill(['a@wrong', ...typed].join('\n'));
  await theirs.getByRole('button', { name: /^(Check|Show|Look)/ }).first().click();
  await expect(theirs.getByText('there is no dot in it').first()).toBeVisible();
  expect((await verdicts(theirs)).slice(1)).toEqual(ofTheBrowser);
  await plain.close();
});

// Rule 5.
test('one address and Enter, and it is sent; Shift and Enter begin another line @script-only', async ({ page, mails }) => {
  await page.goto('/users/invite', { waitUntil: 'networkidle' });
  const [first, second, third] = [fresh('enter'), fresh('second'), fresh('third')];
  const field = page.getByRole('textbox', { name: 'Addresses' });
  await field.click();
  await page.keyboard.type(first);
  await page.keyboard.press('Enter');
  await mails.mailTo(first);
  await expect(page.getByText('1 invitation is on its way', { exact: true }).first()).toBeVisible();
  await expect(field).toHaveValue('');

  await field.click();
  await page.keyboard.type(second);
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type(third);
  await expect(field).toHaveValue(`${second}\n${third}`);
  await page.keyboard.press('Control+Enter');
  await mails.mailTo(second);
  await mails.mailTo(third);
});

test('why nothing was sent is said at the top, with the way to the field @script-only', async ({ page }) => {
  await page.goto('/users/invite', { waitUntil: 'networkidle' });
  await page.getByRole('button', { name: /^Send/ }).click();
  const why = page.getByRole('alert').filter({ hasText: 'Type or paste at least one e-mail address' });
  await expect(why).toBeInViewport();
  await expect(why).toBeFocused();
  await why.getByRole('link').click();
  await expect(page.getByRole('textbox', { name: 'Addresses' })).toBeFocused();
});

test('however much was typed, it is still there when the form is refused, without script too', async ({ page }) => {
  await page.goto('/users/invite');
  const field = page.getByRole('textbox', { name: 'Addresses' });
  await field.fill(MANY);
  // Refused by whoever reads the plain form: what was typed is longer than a cookie.
  await chooseWhatIsNotOffered(page);
  await page.locator('form').filter({ has: field }).evaluate((form) => (form as HTMLFormElement).submit());
  await expect(page.getByRole('alert').filter({ hasText: 'Choose between 10 minutes and 90 days' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Addresses' })).toHaveValue(MANY);
});

test('however much was typed, it is still there when the form is refused @script-only', async ({ page }) => {
  await page.goto('/users/invite', { waitUntil: 'networkidle' });
  const field = page.getByRole('textbox', { name: 'Addresses' });
  await field.fill(MANY);
  await chooseWhatIsNotOffered(page);
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Choose between 10 minutes and 90 days' })).toBeVisible();
  await expect(rows(page)).toHaveCount(150);
  await expect(page.getByRole('button', { name: 'Send 150 invitations' })).toBeEnabled();
});

test('whoever presses slowly presses what is under the pointer @script-only', async ({ page }) => {
  await page.goto('/users/invite', { waitUntil: 'networkidle' });
  await page.getByRole('textbox', { name: 'Addresses' }).fill('anna@gmial.com');
  const role = page.getByRole('radio', { name: 'Dispatcher' });
  await role.hover();
  await page.mouse.down();
  // Long enough for the answer about what was typed.
  await page.waitForTimeout(500);
  await page.mouse.up();
  await expect(role).toBeChecked();
  await expect(page.getByText('Did you mean anna@gmail.com?').first()).toBeVisible();
});

test('a pasted list becomes rows with verdicts, good rows go and the others stay @script-only', async ({ page, mails }) => {
  const complained = complaints(page);
  await page.goto('/users/invite', { waitUntil: 'networkidle' });
  const [one, two] = [fresh('one'), fresh('two')];
  await paste(page, `${one}\nTwo Person <${two}>\nolga@acme`);
  await expect(rows(page)).toHaveCount(3);
  await expect(page.getByRole('textbox', { name: 'Addresses' })).toHaveValue('');
  await expect(page.getByText('there is no dot in it').first()).toBeVisible();
  await expect(page.getByText('Two Person')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send 2 invitations' })).toBeVisible();

  // What is wrong is put right in its row, letter by letter, and the number follows.
  const wrong = page.getByRole('textbox', { name: 'Correct olga@acme' });
  await wrong.click();
  await page.keyboard.press('End');
  await page.keyboard.type('.by');
  await expect(page.getByRole('button', { name: 'Send 3 invitations' })).toBeVisible();
  await expect(wrong).toBeFocused();
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await expect(page.getByRole('button', { name: 'Send 2 invitations' })).toBeVisible();

  // A row of its own role, one that is taken out and put back.
  await rows(page).nth(0).getByRole('combobox').selectOption({ label: 'Dispatcher' });
  await page.getByRole('button', { name: `Remove ${two}` }).click();
  await expect(page.getByRole('button', { name: 'Send 1 invitation' })).toBeVisible();
  await page.getByRole('button', { name: `Put back ${two}` }).click();
  await page.getByRole('button', { name: 'Send 2 invitations' }).click();
  await expect(page.getByText('2 invitations are on their way', { exact: true }).first()).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await expect(page).toHaveURL(/draft=/);
  await mails.mailTo(one);
  await mails.mailTo(two);

  // A row more, filled in by hand.
  await page.getByRole('button', { name: 'Add a person' }).click();
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
  await page.keyboard.type(fresh('three'));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Addresses' })).toBeFocused();
  await expect(page.getByRole('button', { name: 'Send 1 invitation' })).toBeVisible();
  expect(complained).toEqual([]);
});

test('a role that nobody knows is answered once for all who have it @script-only', async ({ page }) => {
  await page.goto('/users/invite', { waitUntil: 'networkidle' });
  const people = Array.from({ length: 4 }, (_, nth) => `Person ${nth}\t${fresh('ros')}\t${nth < 3 ? 'Astronaut' : 'Cook'}`);
  await paste(page, ['Name\tEmail\tRole', ...people].join('\n'));
  await expect(rows(page)).toHaveCount(4);
  await expect(page.getByRole('checkbox', { name: /^Role as for everyone/ })).toHaveCount(4);
  await page.getByRole('button', { name: 'The same for everybody with “Astronaut”' }).first().click();
  await expect(page.getByRole('checkbox', { name: /^Role as for everyone/, checked: true })).toHaveCount(3);
  await expect(page.getByRole('button', { name: 'Send 3 invitations' })).toBeVisible();
  // Whoever was answered by hand can be taken back by hand.
  await page.getByRole('checkbox', { name: /^Role as for everyone/, checked: true }).first().uncheck();
  await expect(page.getByRole('button', { name: 'Send 2 invitations' })).toBeVisible();
});

test('a message alone is kept, and goes to nobody else once one starts afresh @script-only', async ({ page }) => {
  await page.goto('/users/invite', { waitUntil: 'networkidle' });
  const message = page.getByRole('textbox', { name: 'Personal message' });
  await message.fill('See you on Monday');
  await page.waitForTimeout(800);
  await page.reload({ waitUntil: 'networkidle' });
  await expect(message).toHaveValue('See you on Monday');
  await page.getByRole('button', { name: 'Start afresh' }).click();
  await expect(message).toHaveValue('');
  await page.waitForTimeout(800);
  await page.reload({ waitUntil: 'networkidle' });
  await expect(message).toHaveValue('');
  await expect(page.getByRole('button', { name: 'Start afresh' })).toHaveCount(0);
});

test('what was typed is still there after a reload, an ended session and a way to another page @script-only', async ({ context, page, server }) => {
  await page.goto('/users/invite', { waitUntil: 'networkidle' });
  const one = fresh('kept');
  await paste(page, `${one}\nolga@acme`);
  await page.getByRole('textbox', { name: 'Personal message' }).fill('See you on Monday');
  await page.getByRole('radio', { name: 'Dispatcher' }).check();
  await page.waitForTimeout(800);
  await page.reload({ waitUntil: 'networkidle' });
  await expect(rows(page)).toHaveCount(2);
  await expect(page.getByRole('textbox', { name: 'Personal message' })).toHaveValue('See you on Monday');
  await expect(page.getByRole('radio', { name: 'Dispatcher' })).toBeChecked();

  await context.clearCookies();
  await page.getByRole('button', { name: 'Send 1 invitation' }).click();
  await expect(page.getByRole('alert').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect(rows(page)).toHaveCount(2);
  await signIn(context, server, ANNA);
  await page.getByRole('button', { name: 'Send 1 invitation' }).click();
  await expect(page.getByText('1 invitation is on its way', { exact: true }).first()).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
});

test('the form opens over the list, and closing it leads back to the very list @script-only', async ({ page }) => {
  const complained = complaints(page);
  await page.goto('/users?q=petrova', { waitUntil: 'networkidle' });
  await page.getByRole('link', { name: 'Invite people' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite people' });
  await expect(dialog).toBeVisible();
  await expect(page).toHaveURL(/\/users\/invite$/);
  await expect(dialog.getByRole('textbox', { name: 'Addresses' })).toBeFocused();
  await expect(page.locator('table tbody tr')).toHaveCount(1);
  // Nothing is typed: Escape is Cancel.
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page).toHaveURL(/\/users\?q=petrova$/);
  await expect(page.getByRole('link', { name: 'Invite people' })).toBeFocused();

  // Something is: it is asked what becomes of it.
  await page.getByRole('link', { name: 'Invite people' }).click();
  const address = fresh('petrova');
  await dialog.getByRole('textbox', { name: 'Addresses' }).fill(`${address}, olga@acme`);
  await page.keyboard.press('Escape');
  await expect(dialog.getByRole('button', { name: 'Keep as draft' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await page.getByRole('link', { name: 'Invite people' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Addresses' })).toHaveValue(`${address}, olga@acme`);
  await dialog.getByRole('button', { name: 'Send 1 invitation' }).click();
  await expect(dialog.getByText('1 invitation is on its way', { exact: true }).first()).toBeVisible();
  // Who was invited stands in the list below.
  await expect(page.locator('table tbody tr')).toHaveCount(2);
  await dialog.getByRole('link', { name: 'Close', exact: true }).click();
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page).toHaveURL(/\/users\?q=petrova$/);
  expect(complained).toEqual([]);
});

test('opened directly, the form is a page', async ({ page }) => {
  await page.goto('/users/invite');
  await expect(page.getByRole('heading', { level: 1, name: 'Invite people' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.locator('table')).toHaveCount(0);
});
