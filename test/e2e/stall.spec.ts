import { setTimeout as sleep } from 'node:timers/promises';
import { type Alert, AlertWatch } from '../../dashboards/alerts.ts';
import { restCrmOf } from '../../sandbox/demo/demo-target.ts';
import type { LocalMarketplace } from '../../sandbox/demo/local-marketplace.ts';
import { storyEventOf } from '../../sandbox/story/story-events.ts';
import { prepareStoryMarketplace } from '../support/story-marketplace.js';

/** The times that the app has in production: the rules are made for these. */
const PRODUCTION = {
  SETTLE_MS: '5000',
  SETTLE_MAX_MS: '30000',
  RETRY_SCHEDULE_MS: '5000,15000,60000,300000,1800000,7200000,21600000,43200000,86400000',
};
/** As `interval` in dashboards/alerts.yaml. */
const EVALUATED_EVERY_MS = 10_000;
const PROMISED_MS = 60_000;
const HANGS_MS = 3_600_000;

/**
 * The built app is launched, works, and then stalls. The very rules of dashboards/alerts.yaml are evaluated over the
 * very lines that it prints, as the ruler of Loki would: none may ring before, the right one must ring in a minute.
 */
describe('an app that stalls', () => {
  let local: LocalMarketplace;
  const watch = new AlertWatch();

  beforeAll(async () => {
    ({ local } = await prepareStoryMarketplace(PRODUCTION));
    local.app.log.listen(({ fields }) => {
      watch.add({ text: JSON.stringify(fields), timeMs: Date.parse(String(fields.time)), fields });
    });
    await local.moveTo((local.events.at(-1)?.atMs ?? 0) + 60_000);
    for (const event of local.events) local.core.story.happen(event);
    await local.instance.launch();
    expect([local.instance.state, local.instance.message]).toEqual(['Running', '']);
    await until((event) => event === 'app.pulse');
  });

  afterAll(async () => {
    for (const process of local.app.processes) process.signal('SIGCONT');
    await local.close();
  });

  async function until(isIt: (event: string) => boolean): Promise<void> {
    const isThere = () => local.app.log.newest.some(({ event }) => isIt(event));
    for (let waitedMs = 0; waitedMs < 60_000 && !isThere(); waitedMs += 50) await sleep(50);
    expect(isThere()).toBe(true);
  }

  async function ring(type: string): Promise<void> {
    const answers = await local.core.webhooks.ring(storyEventOf(local.events, type));
    expect(answers.map(({ status }) => status)).toEqual([200]);
  }

  const namesAt = (nowMs: number) => new Set(watch.at(nowMs).map(({ alert }) => alert));

  it('is not cried over while it works, and is within a minute when its target hangs', async () => {
    await ring('policy.issue');
    for (let round = 0; round < 3; round++) {
      await sleep(EVALUATED_EVERY_MS);
      expect(watch.at(local.time.now())).toEqual([]);
    }
    expect(local.app.log.newest.map(({ event }) => event)).toContain('sync.delivered');

    const stalledAtMs = local.time.now();
    restCrmOf(local).faults.add({ path: '/records', delayMs: HANGS_MS, times: Infinity });
    await ring('claim.create');
    let ringing: readonly Alert[] = [];
    while (ringing.length === 0 && local.time.now() < stalledAtMs + 2 * PROMISED_MS) {
      await sleep(EVALUATED_EVERY_MS);
      ringing = watch.at(local.time.now());
    }
    expect(local.time.now() - stalledAtMs).toBeLessThanOrEqual(PROMISED_MS);
    expect(ringing).toMatchObject([{ alert: 'SocotraSyncLate', severity: 'warning' }]);
    expect(ringing[0]?.summary).toMatch(
      /^Tenant \w+ has waited for more than 20 seconds \((retrying|resting) \w+\)\.$/,
    );
  });

  it('is cried over when it does not even say so: no data is an alert', async () => {
    for (const process of local.app.processes) process.signal('SIGSTOP');
    // What was on its way to us when it stopped.
    await sleep(1_000);
    const stalledAtMs = local.time.now();
    expect(namesAt(stalledAtMs + 20_000)).not.toContain('SocotraSyncSilent');
    expect(namesAt(stalledAtMs + PROMISED_MS)).toContain('SocotraSyncSilent');
    for (const process of local.app.processes) process.signal('SIGCONT');
  });
});
