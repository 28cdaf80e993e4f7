import { textOf } from '../http/json.ts';
import { startHubspot } from '../targets/hubspot/hubspot.ts';
import { startOdoo } from '../targets/odoo/odoo.ts';
import type { RestCrm } from '../targets/rest-crm/rest-crm.ts';
import { startRest } from '../targets/rest-crm/rest-stand-in.ts';
import { startSalesforce } from '../targets/salesforce/salesforce.ts';
import type { StandInOptions, StandInRecord, TargetStandIn } from '../targets/target-stand-in.ts';
import { readExpectedCrm, verifyCrm } from './verify-crm.ts';
import { type ExpectedRecords, readExpectedRecords, verifyRecords } from './verify-records.ts';

/** A target as the demo shows it. */
export interface DemoTarget {
  readonly standIn: TargetStandIn;
  readonly expected: ExpectedRecords;
  /** Settings of the tenant that go with it, beside the stand-in's own. */
  readonly settings: Readonly<Record<string, string>>;
  /** In what it differs from what the story wants, as sentences. */
  problems(): readonly string[];
  /** The sentences about one record, the oldest first. */
  timeline(aboutKey: string): readonly TimelineLine[];
  /** What is known of how a record came there, for people who look closely. */
  history(key: string): string;
  /** What it noticed, for the closing table. */
  noticed(): readonly (readonly [string, string])[];
  /** Is down for one write. */
  fail(): void;
  /** Asks for patience at one write. */
  askForPatience(): void;
}

export interface TimelineLine {
  readonly key: string;
  readonly subject: string;
  readonly occurredAt: string;
  readonly type: string;
}

interface StoryOptions extends StandInOptions {
  /** The moment before the story's latest leap. */
  readonly beforeMove: () => number;
}

type Starter = (options: StoryOptions) => Promise<DemoTarget>;

export const DEMO_TARGETS = {
  rest: startRestTarget,
  hubspot: async (options) =>
    targetOf(await startHubspot(options), ({ fields }) => ({
      subject: withoutTags(textOf(fields.hs_note_body)),
      occurredAt: textOf(fields.hs_timestamp),
    })),
  odoo: async (options) =>
    targetOf(await startOdoo(options), ({ fields }) => ({
      subject: withoutTags(textOf(fields.body)),
      // Odoo keeps UTC and does not say so.
      occurredAt: `${textOf(fields.date).replace(' ', 'T')}Z`,
    })),
  salesforce: async (options) =>
    targetOf(await startSalesforce(options), ({ fields }) => ({
      subject: textOf(fields.Subject),
      occurredAt: textOf(fields.Socotra_Occurred_At__c),
    })),
} as const satisfies Readonly<Record<string, Starter>>;

export type DemoTargetName = keyof typeof DEMO_TARGETS;

interface RestTarget extends DemoTarget {
  readonly crm: RestCrm;
}

/** The CRM behind the generic REST target; fails where the demo has another target. */
export function restCrmOf({ target }: { readonly target: DemoTarget }): RestCrm {
  if (!isRest(target)) throw new Error(`The target is ${target.standIn.id}.`);
  return target.crm;
}

function isRest(target: DemoTarget): target is RestTarget {
  return 'crm' in target;
}

/** The CRM of the generic REST target shows more than others, and so it is looked at more strictly. */
async function startRestTarget(options: StoryOptions): Promise<RestTarget> {
  const standIn = await startRest(options);
  const { crm } = standIn;
  const expected = readExpectedCrm();
  return {
    standIn,
    crm,
    expected,
    settings: { 'custom-1-field': 'policy.salesChannel' },
    problems: () => verifyCrm(expected, crm.store),
    timeline: (aboutKey) => crm.store.timeline(aboutKey),
    history: (key) => {
      const { writes = 0, event = {} } = crm.store.find(key) ?? {};
      return `written ${writes === 1 ? 'once' : `${writes} times`}, last by ${textOf(event.type)}`;
    },
    noticed: () => {
      const { unauthorised, unsigned, malformed, repeated } = crm.anomalies;
      return [
        ['writes', String(crm.store.writes)],
        ['older revisions ignored', String(crm.store.olderIgnored)],
        ['repeats answered from memory', String(repeated)],
        ['unauthorised / unsigned / malformed', `${unauthorised} / ${unsigned} / ${malformed}`],
      ];
    },
    fail: () => standIn.faults.serverError(),
    askForPatience: () => standIn.faults.throttle(1),
  };
}

/** @param read the sentence and the time of a line on the timeline */
function targetOf(
  standIn: TargetStandIn,
  read: (line: StandInRecord) => Pick<TimelineLine, 'subject' | 'occurredAt'>,
): DemoTarget {
  const expected = readExpectedRecords(`expected-${standIn.id}`);
  return {
    standIn,
    expected,
    settings: {},
    problems: () => verifyRecords(expected, standIn.records()),
    timeline: (aboutKey) =>
      standIn
        .records()
        .filter(({ kind, tiedTo }) => kind === 'activity' && tiedTo.includes(aboutKey))
        .map((line) => ({ key: line.key, type: '', ...read(line) }))
        .toSorted((a, b) => a.occurredAt.localeCompare(b.occurredAt)),
    history: () => '',
    noticed: () => {
      const refused = standIn.requests().filter(({ status }) => status === 'cut' || status >= 400);
      return [
        ['requests', String(standIn.requests().length)],
        ['requests refused', String(refused.length)],
      ];
    },
    fail: () => standIn.faults.serverError(),
    // Records in use pass sooner than some targets' limits, which last for minutes.
    askForPatience: () => (standIn.faults.lock ?? standIn.faults.throttle)(1),
  };
}

/** The page shows texts, not markup. */
function withoutTags(html: string): string {
  return html.replaceAll(/<[^>]*>/g, ' ').trim();
}
