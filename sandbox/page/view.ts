import type { LocalMarketplace, Section } from '../demo/local-marketplace.ts';

const LOG_LINES_SHOWN = 120;
const POLICY_KEY = 's-pol-100004200';

/** What the page shows of one section; no secret is in it, whatever the page does with it. */
export function viewOf(local: LocalMarketplace, section: Section): object {
  switch (section) {
    case 'instance':
      return instanceView(local);
    case 'events':
      return { total: local.events.length, storyMs: local.core.story.nowMs, events: local.book.entries };
    case 'records':
      return recordsView(local);
    case 'log':
      return local.app.log.newest.slice(-LOG_LINES_SHOWN).map(({ sequence, level, event, fields }) => ({
        sequence,
        level,
        event,
        fields,
      }));
  }
}

function instanceView({ instance, router, manifest, tenant }: LocalMarketplace): object {
  return {
    app: `${manifest.name} ${manifest.version}`,
    route: router.url,
    state: instance.state,
    message: instance.message,
    healthy: instance.healthy,
    webhookEvents: manifest.webhooks.reduce((sum, webhook) => sum + webhook.events.length, 0),
    form: tenant.form,
  };
}

function recordsView({ target }: LocalMarketplace): object {
  const held = target.standIn.records();
  const records = held
    .filter(({ kind }) => kind !== 'activity')
    .map((record) => ({ ...record, history: target.history(record.key) }));
  return {
    target: target.standIn.id,
    records,
    timeline: target.timeline(POLICY_KEY),
    requests: target.standIn.requests().length,
    activities: held.length - records.length,
  };
}
