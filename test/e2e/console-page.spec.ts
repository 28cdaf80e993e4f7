import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describeWithChromium, startChromium } from '../support/chromium.ts';
import { type ConsoleScene, POLICY, startConsoleScene, TOKENS, until } from '../support/console-scene.ts';

/** Where pictures of the page are put for people to look at; unset: none are taken. */
const { SCREENSHOTS } = process.env;

interface Sheet {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything that the page asked for, with its headers. */
  readonly requests: readonly {
    readonly url: string;
    readonly method: string;
    readonly referer: string;
    /** The console's own header; empty: without it. */
    readonly token: string;
  }[];
  /** What the browser complained of: violations of the policy, errors. */
  readonly complaints: readonly string[];
}

/** The console in a browser, on the built app with the stand-ins behind it. */
describeWithChromium('the page of the console', () => {
  let scene: ConsoleScene;
  let browser: Browser;
  const open: BrowserContext[] = [];

  beforeAll(async () => {
    [scene, browser] = await Promise.all([startConsoleScene(), startChromium()]);
    await scene.happenUntil('policy.issue');
    expect(await scene.ring('harbor', 'policy.issue')).toBe(200);
    expect(await scene.ring('meadow', 'policy.issue')).toBe(200);
    await scene.lines('sync.delivered', 2);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await scene?.close();
  });

  async function visit(
    tenant: keyof typeof TOKENS,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<Sheet> {
    const context = await browser.newContext(options);
    open.push(context);
    const page = await context.newPage();
    const requests: Sheet['requests'][number][] = [];
    const complaints: string[] = [];
    page.on('request', (request) =>
      requests.push({
        url: request.url(),
        method: request.method(),
        referer: request.headers().referer ?? '',
        token: request.headers()['x-console-token'] ?? '',
      }),
    );
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      // A refused token is an answer of 401, a router's is 502: the browser mentions both by itself.
      if (message.type() === 'error' && !/status of (401|429|502)/.test(message.text()))
        complaints.push(message.text());
    });
    await page.addInitScript({
      content: `document.addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective));`,
    });
    await page.goto(`${scene.tenants[tenant].url}/console`);
    return { page, context, requests, complaints };
  }

  async function signIn({ page }: Sheet, token: string): Promise<void> {
    await page.getByLabel('Token of the console').fill(token);
    await page.getByRole('button', { name: 'Open' }).click();
  }

  /** Lets the page's time pass until it has asked often enough for this to be so. */
  async function asksAgainUntil({ page }: Sheet, isSo: () => Promise<boolean>): Promise<void> {
    await until(async () => {
      if (await isSo()) return true;
      await page.clock.runFor(10_000);
      return false;
    });
  }

  /** A tenant whose claims cannot be read, with the button of the first that was given up. */
  async function visitDeadClaim() {
    const sheet = await visit('meadow');
    const { page } = sheet;
    await page.clock.install();
    await signIn(sheet, TOKENS.meadow);
    const letter = page.getByRole('button', { name: /^Try claim.create/ }).first();
    await asksAgainUntil(sheet, () => letter.isVisible());
    return { sheet, letter };
  }

  /** What holds on every visit: nothing foreign, nothing complained of, no secret where it stays. */
  async function expectClean({ page, context, requests, complaints }: Sheet): Promise<void> {
    expect(complaints).toEqual([]);
    const origins = new Set(requests.map(({ url }) => new URL(url).origin));
    expect([...origins]).toEqual([new URL(page.url()).origin]);
    for (const token of Object.values(TOKENS)) {
      expect(requests.filter(({ url, referer }) => `${url} ${referer}`.includes(token))).toEqual([]);
      expect(page.url()).not.toContain(token);
    }
    expect(new URL(page.url()).search).toBe('');
    expect(await context.cookies()).toEqual([]);
    const kept = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.length, history.state])',
    );
    expect(kept).toBe('[{},{},2,null]');
  }

  async function picture({ page }: Sheet, name: string): Promise<void> {
    if (SCREENSHOTS === undefined) return;
    mkdirSync(SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
  }

  it('opens with the right token, and shows how the tenant stands', async () => {
    const sheet = await visit('harbor');
    const { page } = sheet;
    expect(await page.getByRole('heading', { name: 'Newest events' }).isVisible()).toBe(false);
    await picture(sheet, 'sign-in');
    await signIn(sheet, TOKENS.harbor);
    await page.getByRole('heading', { name: 'In step: nothing waits.' }).waitFor();
    expect(await page.locator('#about').textContent()).toBe('to HubSpot, profile crm, sandbox');
    expect(await page.locator('#events').textContent()).toContain('policy.issue');
    expect(await page.locator('#events').textContent()).toContain('delivered');
    await picture(sheet, 'in-step');
    await expectClean(sheet);
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await page.getByLabel('Token of the console').inputValue()).toBe('');
    expect(await page.locator('#console').isVisible()).toBe(false);
  });

  it('asks for the token again after a reload: it is kept nowhere', async () => {
    const sheet = await visit('harbor');
    await signIn(sheet, TOKENS.harbor);
    await sheet.page.locator('#console').waitFor();
    await sheet.page.reload();
    expect(await sheet.page.locator('#console').isVisible()).toBe(false);
    expect(await sheet.page.getByLabel('Token of the console').inputValue()).toBe('');
    await expectClean(sheet);
  });

  it.each([
    ['a wrong token', 'no-such-token-at-all-1'],
    ["another tenant's token", TOKENS.meadow],
    ['a token that no header can carry', 'tökens-have-no-umlauts'],
  ])('stays shut with %s, and says so', async (_what, token) => {
    const sheet = await visit('harbor');
    await signIn(sheet, token);
    const refusal = sheet.page.getByRole('alert').filter({ visible: true });
    expect(await refusal.textContent()).toMatch(/not the token of the console|A token has letters/);
    expect(await sheet.page.locator('#console').isVisible()).toBe(false);
    expect(await sheet.page.locator('#events').textContent()).not.toContain('policy');
    await expectClean(sheet);
  });

  it('shows what would be written, beside what HubSpot holds, and writes nothing', async () => {
    // The first bill is paid, and neither a webhook nor the clock has told the app: the target is behind.
    await scene.happenUntil('payment.pay', 'stays');
    const before = JSON.stringify(scene.hubspot.records());
    const asked = scene.hubspot.requests().length;
    const sheet = await visit('harbor');
    const { page } = sheet;
    await signIn(sheet, TOKENS.harbor);
    await page.getByLabel('Locator of the policy').fill(POLICY);
    await page.getByRole('button', { name: 'Look' }).click();
    const policy = page.locator('details[data-kind="policy"]');
    await policy.waitFor();
    const changed = (await policy.locator('tr.differs').allTextContents()).join('\n');
    expect(changed).toMatch(/socotra_paid_to_date0\.00\d+/);
    expect(await policy.locator('> summary').textContent()).toMatch(/Would change \d+ fields/);
    const party = page.locator('details[data-kind="party"]');
    expect(await party.locator('> summary').textContent()).toContain('same');
    expect(await party.locator('tr.differs').count()).toBe(0);
    expect(await page.locator('#policy').textContent()).toContain('policy.issue');
    await picture(sheet, 'preview');
    const made = scene.hubspot.requests().slice(asked);
    expect(made.length).toBeGreaterThan(0);
    expect(made.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/batch/read'))).toEqual([]);
    expect(JSON.stringify(scene.hubspot.records())).toBe(before);
    await expectClean(sheet);
  });

  it('says in words that a target cannot be asked, and shows what would be sent', async () => {
    const writes = scene.rest.requests().length;
    const sheet = await visit('meadow');
    const { page } = sheet;
    await signIn(sheet, TOKENS.meadow);
    await page.getByLabel('Locator of the policy').fill(POLICY);
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByText('Any REST API cannot be asked what it holds').waitFor();
    const policy = page.locator('details[data-kind="policy"]');
    expect(await policy.locator('> summary').textContent()).toContain('would be sent');
    await policy.locator('> summary').click();
    expect(await policy.textContent()).toMatch(/paidToDate\d/);
    expect(scene.rest.requests()).toHaveLength(writes);
    await picture(sheet, 'preview-rest');
    await expectClean(sheet);
  });

  it('shows a dead letter with its remedy, and its button has it tried again', async () => {
    const key = `s-pol-${POLICY}`;
    scene.rest.crm.refusedKeys.add(key);
    expect(await scene.ring('meadow', 'payment.pay', 'dead-1')).toBe(200);
    expect(await scene.ring('meadow', 'invoice.issue', 'dead-2')).toBe(200);
    await scene.lines('sync.dead_lettered', 2);
    const sheet = await visit('meadow');
    const { page } = sheet;
    await signIn(sheet, TOKENS.meadow);
    const letters = page.locator('#dead-letters');
    await letters.getByText('payment.pay').waitFor();
    expect(await letters.textContent()).toContain('its log says why. Mend the cause there, then press "Try again".');
    await picture(sheet, 'dead-letters');
    // The receiver answers the same delivery from its memory; meanwhile Core has moved on, and the newest state is what is sent.
    scene.rest.crm.refusedKeys.delete(key);
    await scene.happenUntil('policy.endorse', 'stays');
    const replayed = scene.app.log.newest.filter(({ event }) => event === 'console.replayed').length;
    await page.getByRole('button', { name: /^Try payment.pay #\d+ again$/ }).click();
    await page.getByText('1 event waits to be tried again.').waitFor();
    await scene.lines('console.replayed', replayed + 1);
    await scene.lines('sync.delivered', 3);
    await page
      .getByText('There are none.')
      .or(page.getByRole('button', { name: /^Try invoice.issue/ }))
      .first()
      .waitFor();
    expect(scene.rest.records().find((record) => record.key === key)?.fields).not.toMatchObject({ paidToDate: '0.00' });
    await expectClean(sheet);
  });

  it('leaves the focus where it is when it asks again, and beside the answer when dead letters are tried again', async () => {
    expect(await scene.ring('meadow', 'claim.create', 'keys-1')).toBe(200);
    expect(await scene.ring('meadow', 'claim.create', 'keys-2')).toBe(200);
    const { sheet, letter } = await visitDeadClaim();
    const { page } = sheet;
    await letter.focus();
    const name = await letter.getAttribute('aria-label');
    await page.evaluate('void (window.old = document.activeElement)');
    await asksAgainUntil(sheet, async () => !(await page.evaluate('window.old.isConnected')));
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(name);
    await page.keyboard.press('Enter');
    await page.locator('#replay-answer:focus').getByText('1 event waits to be tried again.').waitFor();
    await expectClean(sheet);
  });

  it('goes on by itself after a router has answered in place of the app', async () => {
    const sheet = await visit('harbor');
    const { page } = sheet;
    await page.clock.install();
    await signIn(sheet, TOKENS.harbor);
    const headline = page.locator('#headline');
    await headline.getByText('In step: nothing waits.').waitFor();
    await page.route('**/console/api/status', (route) =>
      route.fulfill({ status: 502, json: { message: 'Bad Gateway' } }),
    );
    await asksAgainUntil(sheet, async () => (await headline.textContent()) === 'The app does not answer: try again.');
    await page.unroute('**/console/api/status');
    await asksAgainUntil(sheet, async () => (await headline.textContent()) === 'In step: nothing waits.');
    await expectClean(sheet);
  });

  it('asks nothing without the token when somebody signs out before an answer is there', async () => {
    expect(await scene.ring('meadow', 'claim.create', 'signed-out-1')).toBe(200);
    const { sheet, letter } = await visitDeadClaim();
    const { page } = sheet;
    const signOut = page.getByRole('button', { name: 'Sign out' });
    await page.route('**/console/api/replay', async (route) => {
      await signOut.click();
      await route.continue();
    });
    const answered = page.waitForResponse('**/console/api/replay');
    await letter.click();
    await answered;
    await signIn(sheet, TOKENS.meadow);
    await page.locator('#console').waitFor();
    expect(await page.locator('#replay-answer').isVisible()).toBe(false);
    const withoutToken = sheet.requests.filter(({ url, token }) => url.includes('/console/api/') && token === '');
    expect(withoutToken).toEqual([]);
    await expectClean(sheet);
  });

  it('works on a phone, in light and in dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const sheet = await visit('harbor', { viewport: { width: 390, height: 844 }, colorScheme });
      const { page } = sheet;
      await picture(sheet, `phone-${colorScheme}-sign-in`);
      await signIn(sheet, TOKENS.harbor);
      await page.getByLabel('Locator of the policy').fill(POLICY);
      await page.getByRole('button', { name: 'Look' }).click();
      await page.locator('details[data-kind="policy"]').waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      await picture(sheet, `phone-${colorScheme}`);
      await expectClean(sheet);
    }
    const dark = await visit('harbor', { colorScheme: 'dark' });
    await signIn(dark, TOKENS.harbor);
    await dark.page.getByLabel('Locator of the policy').fill(POLICY);
    await dark.page.getByRole('button', { name: 'Look' }).click();
    await dark.page.locator('details[data-kind="policy"]').waitFor();
    await picture(dark, 'dark');
  });

  it('says that the app does not answer, goes on by itself, and shows when it is paused', async () => {
    const sheet = await visit('harbor');
    const { page } = sheet;
    await signIn(sheet, TOKENS.harbor);
    await page.locator('#console').waitFor();
    scene.hubspot.faults.revokeCredentials();
    expect(await scene.ring('harbor', 'policy.update', 'paused-1')).toBe(200);
    await scene.lines('tenant.paused', 1);
    await page.getByRole('heading', { name: 'Paused: somebody must act.' }).waitFor();
    expect(await page.locator('#details').textContent()).toContain('The target refuses the credentials.');
    await picture(sheet, 'paused');
    await expectClean(sheet);
  });
});
