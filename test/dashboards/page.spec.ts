/// <reference lib="dom" />
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { describeWithChromium, startChromium } from '../support/chromium.js';

const COMMAND = fileURLToPath(new URL('../../dashboards/dashboard.ts', import.meta.url));
const T0 = Date.UTC(2026, 10, 22, 6);
const HOSTILE = '<img src=x onerror="document.title=1">';
/** Far less than the log, so that it can only be read as it comes. */
const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=48' };
const HUGE_BYTES = 80_000_000;

type Fields = Readonly<Record<string, unknown>>;

const line = (seconds: number, event: string, fields: Fields = {}) =>
  `${JSON.stringify({ level: 'info', time: new Date(T0 + seconds * 1_000).toISOString(), event, ...fields })}\n`;
const pulse = (seconds: number, fields: Fields = {}) =>
  line(seconds, 'app.pulse', { memoryBytes: 90_000_000, tenants: 2, late: 0, paused: 0, pastDueMs: 0, ...fields });
const tried = { tenant: 'aaaa1111', target: 'rest', attempt: 1, maxAttempts: 10, durationMs: 90 };

/** Half an hour in which all is well. */
function healthyLog(): string {
  const parts: string[] = [];
  for (let second = 0; second < 1_800; second += 15) {
    const event = { ...tried, eventId: `e${second}`, eventType: 'policy.issue', outcome: 'delivered', records: 2 };
    parts.push(
      pulse(second, { waiting: 3, dead: 0 }),
      line(second + 1, 'webhook.accepted', {
        tenant: 'aaaa1111',
        eventId: `e${second}`,
        eventType: 'policy.issue',
        durationMs: 3,
      }),
      line(second + 7, 'sync.delivered', { ...event, lagMs: 6_000 + second }),
    );
  }
  return parts.join('');
}

/** The same, at the end of which one tenant is paused, one waits, and something was given up. */
function troubledLog(): string {
  const dead = { ...tried, eventId: 'e', eventType: 'claim.create', outcome: 'rejected', lagMs: 9_000 };
  return [
    healthyLog(),
    line(1_790, 'sync.dead_lettered', { ...dead, code: 'status_422' }),
    line(1_791, 'sync.dead_lettered', {
      ...dead,
      tenant: HOSTILE,
      target: '</script><script>document.title=2</script>',
      code: HOSTILE,
    }),
    pulse(1_800, { late: 1, paused: 1, pastDueMs: 95_000 }),
    line(1_800, 'tenant.late', { tenant: 'bbbb2222', state: 'retrying', code: 'status_503', pastDueMs: 95_000 }),
    line(1_800, 'tenant.late', {
      tenant: 'cccc3333',
      state: 'paused',
      code: 'target_unauthorized',
      pastDueMs: 600_000,
    }),
  ].join('');
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly complaint: string;
}

let folder: string;
let page: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
  page = join(folder, 'page.html');
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [COMMAND, ...args, '--out', page], { env: { ...environment, TZ: 'UTC' } });
}

async function ended(child: ChildProcess): Promise<Ended> {
  let [out, complaint] = ['', ''];
  child.stdout?.on('data', (chunk) => (out += String(chunk)));
  child.stderr?.on('data', (chunk) => (complaint += String(chunk)));
  await once(child, 'close');
  return { code: child.exitCode, out, complaint };
}

function made(log: string | Buffer): Promise<Ended> {
  const file = join(folder, 'app.log');
  writeFileSync(file, log);
  return ended(start([file]));
}

describe('npm run dashboard', () => {
  it.each<[string, string, readonly string[]]>([
    ['an empty file', '', ['0 lines of Socotra Sync.', 'No line of Socotra Sync so far.', 'LOG_LEVEL=info']],
    ['a log of somebody else', 'hello\n{"msg":"x"}\n', ['1 other JSON line and 1 other line left out.']],
    ['a log that is cut off', healthyLog().slice(0, -60), ['The last line is cut off.', 'Healthy.']],
    [
      'a healthy log',
      healthyLog(),
      ['360 lines of Socotra Sync.', 'Healthy.', 'whether the app runs now is not in it'],
    ],
    [
      'a log with garbage in it',
      `\u0000\uFFFD{\n[]\n${healthyLog()}}}}{\n`,
      ['360 lines', '3 other lines left out.', 'Healthy.'],
    ],
  ])('tells in words what is in %s', async (_what, log, sentences) => {
    const { code, out, complaint } = await made(log);
    expect([code, complaint]).toEqual([0, '']);
    expect(out).toContain(`The page is ${page}`);
    const html = readFileSync(page, 'utf8');
    for (const sentence of sentences) expect(html).toContain(sentence);
  });

  it.each<[string, readonly string[], number, string]>([
    ['a file that is not there', ['/nowhere/app.log'], 1, 'There is no such file or folder: /nowhere/app.log'],
    ['a folder', [tmpdir()], 1, 'This is a folder, not a file'],
    ['no log at all', [], 2, 'Which log?'],
  ])('says what is wrong with %s', async (_what, args, code, sentence) => {
    const end = await ended(start(args));
    expect(end.code).toBe(code);
    expect(end.complaint).toContain(sentence);
  });

  it('reads a log far larger than its memory', async () => {
    const child = start(['-'], SMALL_HEAP);
    const end = ended(child);
    const chunk = healthyLog() + `${'x'.repeat(1_000)}\n`;
    for (let written = 0; written < HUGE_BYTES; written += chunk.length) {
      if (child.stdin?.write(chunk) === false) await once(child.stdin, 'drain');
    }
    child.stdin?.end('y'.repeat(1_000_000));
    expect((await end).complaint).toBe('');
    expect(readFileSync(page, 'utf8')).toMatch(/[\d,]{7,} lines of Socotra Sync\. [\d,]+ other lines left out\./);
  });
});

describeWithChromium('the page in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  /** Opens the page; whatever it complains about, or asks the network for, is a failure. */
  async function opened(options: BrowserContextOptions = {}): Promise<{ view: Page; wrong: readonly string[] }> {
    const view = await browser.newPage(options);
    const wrong: string[] = [];
    view.on('console', (message) => wrong.push(message.text()));
    view.on('pageerror', (error) => wrong.push(error.message));
    view.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) wrong.push(request.url());
    });
    await view.goto(pathToFileURL(page).href);
    return { view, wrong };
  }

  /** How many points of a chart differ in colour from its corner: an empty one has none. */
  const drawn = (view: Page, id: string) =>
    view.evaluate((chart) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`#${chart} canvas`);
      const { data = [] } = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
      return [...data].filter((value, index) => index % 4 === 3 && value > 0).length;
    }, id);

  it('says who is stuck, why, and what helps', async () => {
    await made(troubledLog());
    const { view, wrong } = await opened();
    const verdict = await view.locator('.verdict').innerText();
    expect(verdict).toContain('alerts ring at the end of this log.');
    expect(verdict).toContain('Tenant bbbb2222 has waited for more than 20 seconds (retrying status_503).');
    expect(verdict).toContain('Tenant cccc3333 is paused (target_unauthorized) and its events wait.');
    const rows = (id: string) => view.locator(`#table-${id} tbody tr`).allInnerTexts();
    expect(await rows('late-now')).toEqual([
      expect.stringMatching(/cccc3333\s+paused\s+target_unauthorized\s+10 min\s+The target refuses the credentials/),
      expect.stringMatching(/bbbb2222\s+retrying\s+status_503\s+1 min 35 s\s+The target is not well/),
    ]);
    expect((await rows('dead-letters')).join()).toMatch(/status_422\s+1\s+The target refused the record for good/);
    expect(await drawn(view, 'chart-lag')).toBeGreaterThan(500);
    expect(wrong).toEqual([]);
  });

  it('shows what stands in a log as text, and runs none of it', async () => {
    await made(troubledLog());
    const { view, wrong } = await opened();
    expect(await view.locator('#table-dead-letters').innerText()).toContain(HOSTILE);
    expect(await view.locator('img').count()).toBe(0);
    expect(await view.title()).toMatch(/^Socotra Sync: \d alerts$/);
    expect(wrong).toEqual([]);
  });

  it.each<[string, BrowserContextOptions]>([
    ['on a phone', { viewport: { width: 390, height: 844 } }],
    ['on a small phone', { viewport: { width: 320, height: 600 } }],
    ['on a desk', { viewport: { width: 1_280, height: 900 } }],
  ])('fits %s', async (_where, options) => {
    await made(troubledLog());
    const { view } = await opened(options);
    const sizes = await view.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      screen: window.innerWidth,
      cut: [...document.querySelectorAll('.panel, td, .keys li')].filter((one) => one.scrollWidth > one.clientWidth + 1)
        .length,
      small: [...document.querySelectorAll('p, td, li')].filter(
        (one) => parseFloat(getComputedStyle(one).fontSize) < 12,
      ).length,
    }));
    expect(sizes).toEqual({ wide: sizes.screen, screen: sizes.screen, cut: 0, small: 0 });
    expect(await drawn(view, 'chart-accepted')).toBeGreaterThan(100);
  });

  it.each(['light', 'dark'] as const)('can be read in %s', async (colorScheme) => {
    await made(troubledLog());
    const { view } = await opened({ colorScheme });
    const contrasts = await view.evaluate(() => {
      const brightness = (color: string) => {
        const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
          const share = Number(part) / 255;
          return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.212_6 * red + 0.715_2 * green + 0.072_2 * blue;
      };
      const behind = (element: Element | null): string => {
        if (element === null) return 'rgb(255, 255, 255)';
        const { backgroundColor } = getComputedStyle(element);
        return backgroundColor.startsWith('rgba(0, 0, 0, 0') ? behind(element.parentElement) : backgroundColor;
      };
      return [...document.querySelectorAll('p, td, th, li, h1, h2, h3, strong')].map((element) => {
        const [one, other] = [brightness(getComputedStyle(element).color), brightness(behind(element))];
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      });
    });
    // WCAG 2.2, 1.4.3: at least 4.5 to 1.
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
    const ground = await view.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(ground).toBe(colorScheme === 'dark' ? 'rgb(20, 23, 28)' : 'rgb(244, 245, 247)');
  });

  it('follows a live pipe: it reloads itself, shows what has come, and ends with the pipe', async () => {
    const child = start(['-']);
    const end = ended(child);
    child.stdout?.setEncoding('utf8');
    await once(child.stdout ?? child, 'data');
    const { view, wrong } = await opened();
    expect(await view.locator('.verdict').innerText()).toContain('Waiting for the first one.');
    child.stdin?.write(healthyLog());
    await view.getByText('Healthy.').waitFor({ timeout: 30_000 });
    child.stdin?.write(troubledLog().slice(healthyLog().length));
    await view.getByText('Tenant cccc3333 is paused').waitFor({ timeout: 30_000 });
    child.stdin?.end();
    expect((await end).code).toBe(0);
    await view.getByText('The log ends here').waitFor({ timeout: 30_000 });
    await sleep(100);
    expect(await view.locator('meta[http-equiv="refresh"]').count()).toBe(0);
    expect(wrong).toEqual([]);
  });

  it('cries over a live log that falls silent', async () => {
    const child = start(['-']);
    const end = ended(child);
    child.stdin?.write(healthyLog());
    child.stdin?.write(
      line(1_790 + 60, 'webhook.duplicate', { tenant: 'aaaa1111', eventId: 'e', eventType: 'x', durationMs: 1 }),
    );
    await once(child.stdout ?? child, 'data');
    const { view } = await opened();
    await view.getByText('No sign of life from the app for 45 seconds.').waitFor({ timeout: 30_000 });
    child.kill('SIGINT');
    expect((await end).code).toBe(0);
    await view.reload();
    // What has ended is not silent.
    expect(await view.getByText('No sign of life').count()).toBe(0);
  });
});
