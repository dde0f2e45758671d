/** Getting about a page with the Tab key, as somebody does who has no mouse. */
import type { Page } from 'playwright-core';

const most = 60;

/** Presses Tab until the focus stands on what goes by that name; throws where it does not get there, or cannot be seen. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press('Tab');
    const here = String(await page.evaluate(nameOfFocus));
    if (!(await focusIsVisible(page))) throw new Error(`the focus on "${here}" cannot be seen`);
    if (here === name) return;
    passed.push(here);
  }
  throw new Error(`Tab never reached "${name}", only: ${passed.join(' · ')}`);
}

/** True if what has the focus looks different from what has not. */
export async function focusIsVisible(page: Page): Promise<boolean> {
  return (await page.evaluate(changesWithFocus)) === true;
}

// Sent to the browser as text: nothing of this file is there.
const nameOfFocus = `(() => {
  const element = document.activeElement;
  const label = element?.labels?.[0] ?? element;
  return (label?.textContent ?? '').trim().replace(/\\s+/g, ' ');
})()`;

const changesWithFocus = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return true; // between the page and the browser's own controls
  const marked = element.matches('.govuk-radios__input, .govuk-checkboxes__input') ? element.nextElementSibling : element;
  const look = () => {
    const own = getComputedStyle(marked);
    const before = getComputedStyle(marked, '::before');
    return [own.outline, own.boxShadow, own.backgroundColor, own.borderColor, before.boxShadow, own.clipPath, own.position].join();
  };
  const focused = look();
  element.blur();
  const plain = look();
  element.focus({ focusVisible: true });
  return focused !== plain;
})()`;
