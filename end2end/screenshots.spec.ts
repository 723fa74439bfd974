// The pictures of the README, from the running app. Written beside the README when USHER_SCREENSHOTS=keep, else with the
// results of the run, so that a test run leaves the repository as it was.
import { fileURLToPath } from 'node:url';

import { expect, test } from './support/fixtures.ts';
import { link } from './support/mail.ts';
import { ANNA, PASSWORD, invite, setUp, signIn, untilListed } from './support/people.ts';

const FOLDER = fileURLToPath(
  new URL(process.env.USHER_SCREENSHOTS === 'keep' ? 'screenshots/' : 'results/screenshots/', import.meta.url),
);

test('pictures of the app @desktop-only', async ({ browser, server, mails }) => {
  test.setTimeout(240_000);
  await setUp(server);
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 800 } });
  await signIn(context, server, ANNA);
  const page = await context.newPage();
  const people: [string, string, string][] = [
    ['Ivan Petrov', 'ivan-petrov@acme.example', 'Dispatcher'],
    ['Maria Weiss', 'maria.weiss@acme.example', 'Agent group manager'],
    ['Olga Kim', 'olga.kim@acme.example', 'Employee'],
    ['Paul Novak', 'paul.novak@acme.example', 'Employee'],
    ['Nina Sokolova', 'nina@acme.example', 'Company administrator'],
  ];
  for (const [name, email, role] of people) await invite(page, `${name} <${email}>`, role);
  for (const [name, email] of people.slice(0, 3)) {
    const own = await browser.newContext();
    const door = await own.newPage();
    await door.goto(link((await mails.mailTo(email)).raw, '/i/'));
    await door.getByLabel('Full name').fill(name);
    await door.locator('input[name=password]').fill(PASSWORD);
    await door.getByRole('button', { name: 'Create account' }).click();
    await expect(door).not.toHaveURL(/\/i\//);
    await own.close();
  }
  mails.answer = (stage, context) => (stage === 'RCPT' && /lost/.test(context.line) ? '550 5.1.1 no such mailbox' : undefined);
  await invite(page, 'lost@acme.example');
  await page.goto('/users?q=maria.weiss');
  const maria = (await page.getByRole('link', { name: /Maria Weiss/ }).first().getAttribute('href')) ?? '';
  await page.goto(`${maria}?do=block`);
  await page.getByLabel('Reason').fill('On leave until spring');
  await page.getByRole('alertdialog').getByRole('button', { name: /Block/ }).click();
  await untilListed(page, '/users?status=error', /lost@acme/);
  mails.answer = undefined;

  await page.goto('/users', { waitUntil: 'networkidle' });
  await page.screenshot({ path: `${FOLDER}users.png` });

  await invite(page, 'Vera Lang <vera.lang@acme.example>\nPetr <petr@gmial.com>\nolga@acme\nivan_petrov@acme.example');
  await expect(page.getByText('Did you mean').first()).toBeVisible();
  await page.screenshot({ path: `${FOLDER}invite.png` });

  await page.goto('/users?q=ivan-petrov');
  await page.getByRole('link', { name: /Ivan Petrov/ }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: /Ivan Petrov/ })).toBeVisible();
  await page.screenshot({ path: `${FOLDER}card.png` });

  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
  const register = await phone.newPage();
  await register.goto(link((await mails.mailTo('nina@acme.example')).raw, '/i/'));
  await register.screenshot({ path: `${FOLDER}register-phone.png` });
  await phone.close();
  await context.close();
});
