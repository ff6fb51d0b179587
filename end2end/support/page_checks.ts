// What every page must stand up to, whatever is on it.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** axe finds nothing, in light and in dark. */
export async function expectAccessible(page: Page, what: string) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const findings = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.html).join('\n  ')}`);
    expect.soft(findings, `${what}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Nothing is wider than the window. */
export async function expectNoSidewaysScrolling(page: Page, what: string) {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(excess, `${what} scrolls sideways`).toBeLessThanOrEqual(0);
}

/** Everything that can be pressed or filled in is reached by Tab; of a group of radio buttons one is enough. */
export async function expectReachedByTab(page: Page, what: string) {
  const wanted = await page.evaluate(() => {
    const groups = new Set<string>();
    const all = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary')].filter((element) => {
      if (!element.checkVisibility({ visibilityProperty: true }) || (element as HTMLInputElement).disabled) return false;
      if (element.tabIndex < 0 || element.closest('[inert]')) return false;
      if (element instanceof HTMLInputElement && element.type === 'hidden') return false;
      if (!(element instanceof HTMLInputElement) || element.type !== 'radio') return true;
      const isFirst = !groups.has(element.name);
      groups.add(element.name);
      return isFirst;
    });
    const name = (element: HTMLElement) => (element instanceof HTMLInputElement && element.type === 'radio' ? `radio ${element.name}` : element.outerHTML.slice(0, 120));
    (document.activeElement as HTMLElement | null)?.blur();
    window.getSelection()?.removeAllRanges();
    document.addEventListener('focusin', (event) => {
      const element = event.target as HTMLElement;
      ((window as unknown as { reached: string[] }).reached ??= []).push(name(element));
    });
    return all.map(name);
  });
  for (let presses = 0; presses < wanted.length + 5; presses += 1) await page.keyboard.press('Tab');
  const reached = await page.evaluate(() => (window as unknown as { reached?: string[] }).reached ?? []);
  expect.soft(wanted.filter((element) => !reached.includes(element)), `${what}: out of Tab's reach`).toEqual([]);
}
