// What axe finds on a page, in the light theme and in the dark one. It is a script: where there is none, it cannot look.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** By every rule of axe's, or by these alone. */
export async function expectAccessible(page: Page, where: string, rules: string[] = []) {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules.length ? axe.withRules(rules) : axe).analyze();
  const told = violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' | ')}`);
  expect(told, where).toEqual([]);
}

/** In the light theme by every rule, in the dark one by those about colours: nothing else differs. */
export async function expectAccessibleInBothThemes(page: Page, where: string) {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await expectAccessible(page, `${where}, light`);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await expectAccessible(page, `${where}, dark`, ['color-contrast', 'link-in-text-block']);
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}
