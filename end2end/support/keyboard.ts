// Going through a page by keyboard alone, and looking whether one can see where one is.
import { expect, type Locator, type Page } from '@playwright/test';

const MOST = 90;

/** Presses Tab until this has the focus, and complains when a ring does not show it or something lies above it. */
export async function tabTo(page: Page, wanted: Locator): Promise<Locator> {
  await expect(wanted).toBeVisible();
  for (let step = 0; step < MOST; step += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      await expectVisibleFocus(wanted);
      return wanted;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`the Tab key never came to ${String(wanted)}`);
}

/** Goes to a field by Tab, which selects what stands in it, and types over that. */
export async function typeInto(page: Page, field: Locator, text: string) {
  await tabTo(page, field);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
}

/** Goes to a button or link by Tab and presses Enter. */
export async function enter(page: Page, wanted: Locator) {
  await tabTo(page, wanted);
  await page.keyboard.press('Enter');
}

/** What has the focus shows a ring, is in sight, and nothing covers its middle. */
export async function expectVisibleFocus(focused: Locator) {
  await expect(focused).toBeInViewport();
  const look = () =>
    focused.evaluate((element) => {
      const style = getComputedStyle(element);
      const { left, top, width, height } = element.getBoundingClientRect();
      const above = document.elementFromPoint(left + width / 2, top + height / 2);
      return {
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        covered: !(above && (element.contains(above) || above.contains(element))),
      };
    });
  await expect.poll(look, { message: `the focus on ${String(focused)}` }).toEqual({ ring: true, covered: false });
}

/** The list of what is wrong has the focus; its link leads to the field. */
export async function goToMistake(page: Page, words: string | RegExp, field: Locator) {
  const summary = page.getByRole('alert').filter({ hasText: words });
  await expect(summary).toBeFocused();
  await enter(page, summary.getByRole('link'));
  await expect(field).toBeFocused();
  await expectVisibleFocus(field);
}
