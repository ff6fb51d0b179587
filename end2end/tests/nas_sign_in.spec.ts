// Signing in by the NAS that Tocsin runs on: from its desktop by one click, by name, password and code, and what
// becomes of it when the NAS says no or nothing. The NAS is a stand-in that answers as QTS does.
import type { BrowserContext, Page } from '@playwright/test';
import { Nas } from '../support/nas.ts';
import { expectAccessible, expectNoSidewaysScrolling, expectReachedByTab } from '../support/page_checks.ts';
import { ADMIN, signOut } from '../support/steps.ts';
import { expect, test as base } from '../support/test.ts';
import { Tocsin } from '../support/tocsin.ts';

const test = base.extend<{ nas: Nas }>({
  nas: async ({}, use) => {
    const nas = await Nas.start();
    await use(nas);
    await nas.stop();
  },
  tocsin: async ({ servers, nas }, use, testInfo) => {
    const tocsin = await Tocsin.start(servers, { env: { TOCSIN_NAS: 'qts', TOCSIN_NAS_PORT: String(nas.port) } });
    await use(tocsin);
    await testInfo.attach('tocsin.log', { body: tocsin.log, contentType: 'text/plain' });
    await tocsin.stop();
  },
});

/** The browser comes from the NAS's desktop, where somebody is signed in. */
async function comeFromDesktop(context: BrowserContext, tocsin: Tocsin, nas: Nas, user: string) {
  await context.addCookies([{ ...nas.open(user), url: tocsin.url }]);
}

async function continueAs(page: Page, user: string) {
  await page.getByRole('button', { name: `Continue as the NAS administrator ${user}` }).click();
}

async function enter(page: Page, user: string, password: string, code = '') {
  await page.getByLabel('User name on the NAS').fill(user);
  await page.getByLabel('Password on the NAS').fill(password);
  if (code) await page.getByLabel('Code of the 2-step verification').fill(code);
  await page.getByRole('button', { name: 'Sign in with the NAS' }).click();
}

async function saveName(page: Page, tocsin: Tocsin, name: string) {
  await page.goto(`${tocsin.url}/settings`);
  await changeName(page, name);
}

async function changeName(page: Page, name: string) {
  const general = page.locator('#general');
  await general.getByLabel('Name of this installation').fill(name);
  await general.getByRole('button', { name: 'Save' }).click();
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    test('who comes from the desktop of the NAS is one click away, without a set-up code', async ({ page, context, tocsin, nas }) => {
      await comeFromDesktop(context, tocsin, nas, 'anna');
      await page.goto(`${tocsin.url}/rules`);
      await continueAs(page, 'anna');
      await expect(page).toHaveURL(`${tocsin.url}/rules`);
      await expect(page.getByText('anna (NAS)').first()).toBeVisible();
      await saveName(page, tocsin, 'nas-01');
      await expect(page.getByText('Saved.')).toBeVisible();
      await expect(page.locator('#log')).toContainText('anna (NAS)');
      await signOut(page);
    });

    test('by name, password and code; and a refusal says what to do', async ({ page, tocsin, nas }) => {
      nas.codes.set('anna', '123456');
      await page.goto(tocsin.url);
      await enter(page, 'anna', 'wrong');
      await expect(page.getByText('The NAS refuses this user name and password.')).toBeVisible();
      await enter(page, 'anna', 'right');
      await expect(page.getByText('This account uses 2-step verification')).toBeVisible();
      await enter(page, 'anna', 'right', '123456');
      await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
    });

    test('nobody else is let in, and whoever signs out there is out here', async ({ page, context, tocsin, nas }) => {
      await comeFromDesktop(context, tocsin, nas, 'bob');
      await page.goto(tocsin.url);
      await expect(page.getByText('bob is no administrator of the NAS')).toBeVisible();
      await enter(page, 'bob', 'right');
      await expect(page.getByText('only its administrators may use Tocsin').last()).toBeVisible();

      await context.clearCookies();
      await comeFromDesktop(context, tocsin, nas, 'anna');
      await page.goto(tocsin.url);
      await continueAs(page, 'anna');
      await page.goto(`${tocsin.url}/settings`);
      nas.closeAll();
      await changeName(page, 'nas-02');
      await expect(javaScriptEnabled ? page.getByText('Your session has ended') : page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
      await page.goto(`${tocsin.url}/settings`);
      await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    });

    test('while the NAS says nothing, nothing is changed, and the local administrator gets in', async ({ page, context, tocsin, nas }) => {
      await comeFromDesktop(context, tocsin, nas, 'anna');
      await page.goto(tocsin.url);
      await continueAs(page, 'anna');
      await expect(page.getByText('Warnings go to nobody')).toBeVisible();
      await page.getByRole('link', { name: 'Make local administrator' }).click();
      const administrators = page.locator('#administrators');
      await administrators.getByLabel('User name').fill(ADMIN.name);
      await administrators.getByLabel('E-mail address').fill(ADMIN.address);
      await administrators.getByLabel('Password').fill(ADMIN.password);
      await administrators.getByRole('button', { name: 'Make local administrator' }).click();
      await expect(page.getByText('The local administrator is made.')).toBeVisible();

      nas.silent = true;
      await changeName(page, 'nas-03');
      await expect(page.getByText('Nothing was changed').first()).toBeVisible();

      await context.clearCookies();
      await page.goto(tocsin.url);
      await expect(page.getByText('The NAS does not answer')).toBeVisible();
      const local = page.locator('details', { hasText: 'Local administrator of Tocsin' });
      await local.getByLabel('User name').fill(ADMIN.name);
      await local.getByLabel('Password').fill(ADMIN.password);
      await local.getByRole('button', { name: 'Sign in', exact: true }).click();
      await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
      await saveName(page, tocsin, 'nas-04');
      await expect(page.getByText('Saved.')).toBeVisible();
    });
  });
}

test('the pages of it, wide and narrow', async ({ page, context, tocsin, nas }) => {
  const look = async (name: string) => {
    for (const [width, size] of Object.entries({ wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } })) {
      await page.setViewportSize(size);
      await page.screenshot({ path: `test-results/pages/nas-${name}-${width}.png`, fullPage: true });
      await expectNoSidewaysScrolling(page, `${name} ${width}`);
    }
    await expectAccessible(page, name);
    await expectReachedByTab(page, name);
  };
  await page.goto(tocsin.url);
  await look('password');
  await comeFromDesktop(context, tocsin, nas, 'bob');
  await page.goto(tocsin.url);
  await look('other');
  await context.clearCookies();
  await comeFromDesktop(context, tocsin, nas, 'anna');
  await page.goto(tocsin.url);
  await look('continue');
  await continueAs(page, 'anna');
  await expect(page.getByText('Warnings go to nobody')).toBeVisible();
  await look('overview');
  await page.goto(`${tocsin.url}/settings`);
  await look('settings');
  nas.silent = true;
  await context.clearCookies();
  await page.goto(tocsin.url);
  await look('silent');
});
