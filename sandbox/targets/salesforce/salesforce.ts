import { randomBytes } from 'node:crypto';
import { Faults } from '../../http/faults.ts';
import { objectOf, objectsOf, textOf, tryParseJson, type JsonObject } from '../../http/json.ts';
import { jsonListener, listenOnLoopback, type ReceivedRequest, type Reply } from '../../http/loopback-server.ts';
import type {
  StandInFaults,
  StandInOptions,
  StandInRecord,
  StandInRequest,
  TargetStandIn,
} from '../target-stand-in.ts';
import { type OrgOptions, orgObjects } from './org-metadata.ts';
import { OrgStore, type RowError } from './org-store.ts';
import { kindOfKey, standInRecords } from './org-records.ts';
import { ALLOWANCE, answerRest, failed, WRITES } from './rest-api.ts';
import { OrgAccess } from './org-access.ts';

export interface SalesforceOptions extends StandInOptions, Partial<OrgOptions> {}

/**
 * A Salesforce org, emulated from the vendor's field list, the packages in `salesforce/` and the documented behaviour of
 * sObject Collections. Wording of row errors is as seen in public logs.
 */
export async function startSalesforce(options: SalesforceOptions = {}): Promise<TargetStandIn> {
  const { now = Date.now, onChange = () => undefined } = options;
  const { flavour = 'plain', personAccounts = false, multiCurrency = false } = options;
  const { isDeployed = true, locksParents = false } = options;
  const orgOptions: OrgOptions = { flavour, personAccounts, multiCurrency, isDeployed, locksParents };
  const lockedParents = new Set<string>();
  const id = `00D${randomBytes(8).toString('hex').slice(0, 15).toUpperCase()}`;
  const objects = orgObjects(orgOptions);
  const rules = new OrgRules();
  const store = new OrgStore(objects, (_object, key, values) => rules.against(key, values));
  const access = new OrgAccess();
  const faults = new Faults();
  const requests: StandInRequest[] = [];
  let calls = 0;

  const answer = async (request: ReceivedRequest): Promise<Reply> => {
    if (request.path === '/services/oauth2/token') return access.grant(request, server.url);
    const refusal = access.refusal(request);
    if (refusal !== undefined) return refusal;
    calls += 1;
    const locked = rules.lockedReply(request);
    if (locked !== undefined) return locked;
    return answerRest({ id, options: orgOptions, objects, store, lockedParents, calls: () => calls }, request);
  };
  const handle = async (request: ReceivedRequest): Promise<Reply | 'hang-up'> => {
    // A fault is an answer to a request that was let in.
    const isFaulty = access.refusal(request) === undefined;
    const reply = isFaulty ? await faults.around(request, () => answer(request)) : await answer(request);
    if (reply === 'hang-up') return reply;
    return { ...reply, headers: { 'sforce-limit-info': `api-usage=${calls}/${ALLOWANCE}`, ...reply.headers } };
  };
  const server = await listenOnLoopback(
    jsonListener(async (request) => {
      const { method, path } = request;
      const atMs = now();
      const reply = await handle(request);
      requests.push({ method, path, atMs, status: reply === 'hang-up' ? 'cut' : reply.status });
      onChange();
      return reply;
    }),
  );
  return {
    id: 'salesforce',
    hosts: [server.host],
    settings: { 'api-url': server.url, 'client-id': access.clientId, 'client-secret': access.clientSecret },
    faults: faultsOf(faults, rules, access, flavour),
    records: (): readonly StandInRecord[] => standInRecords(store, objects),
    requests: () => requests,
    deleteRecord: (key) => store.remove(({ fields }) => fields.Socotra_Key__c === key),
    close: () => server.close(),
  };
}

/** What the administrator of the org, or somebody else at work in it, has against single rows. */
class OrgRules {
  readonly forbiddenKinds = new Set<string>();
  readonly refusedKeys = new Set<string>();
  readonly refusedFields = new Map<string, string>();
  /** Collections whose rows somebody else is about to write. */
  locksLeft = 0;

  /** One answer for every row of a collection that meets a lock. */
  lockedReply({ method, path, body }: ReceivedRequest): Reply | undefined {
    if (this.locksLeft === 0 || method !== 'PATCH' || !path.startsWith(WRITES)) return undefined;
    this.locksLeft -= 1;
    const message = 'unable to obtain exclusive access to this record or 1 records: 001000000000001AAA';
    const errors = [{ statusCode: 'UNABLE_TO_LOCK_ROW', message, fields: [] }];
    return {
      status: 200,
      body: objectsOf(objectOf(tryParseJson(body)).records).map(() => ({ success: false, errors })),
    };
  }

  against(key: string, values: JsonObject): RowError | undefined {
    const kind = kindOfKey(key);
    if (this.forbiddenKinds.has(kind)) {
      const message = 'insufficient access rights on object id';
      return { statusCode: 'INSUFFICIENT_ACCESS_OR_READONLY', message, fields: [] };
    }
    if (this.refusedKeys.has(key)) {
      const message = `Nobody may be called ${textOf(values.Name ?? values.LastName)}`;
      return { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message, fields: [] };
    }
    const field = this.refusedFields.get(kind);
    const value = field === undefined ? undefined : values[field];
    if (field === undefined || value === undefined || value === null) return undefined;
    return typeof value === 'number'
      ? { statusCode: 'NUMBER_OUTSIDE_VALID_RANGE', message: `${field}: value outside of valid range`, fields: [field] }
      : { statusCode: 'STRING_TOO_LONG', message: `${field}: data value too large: ${textOf(value)}`, fields: [field] };
  }
}

const REFUSABLE: Readonly<Record<OrgOptions['flavour'], Readonly<Record<string, string>>>> = {
  plain: {
    party: 'Phone',
    quote: 'Amount',
    policy: 'Last_Change__c',
    policy_change: 'Premium__c',
    claim: 'Description',
    claim_item: 'Loss_Reserve__c',
    premium_row: 'Premium__c',
    activity: 'Description',
  },
  fsc: {
    party: 'Phone',
    quote: 'Amount',
    policy: 'Socotra_Last_Change__c',
    policy_change: 'TransactionAmount',
    claim: 'Summary',
    claim_item: 'Socotra_Loss_Reserve__c',
    premium_row: 'TransactionAmount',
    activity: 'Description',
  },
};

function faultsOf(faults: Faults, rules: OrgRules, access: OrgAccess, flavour: OrgOptions['flavour']): StandInFaults {
  const writes = { path: WRITES, method: 'PATCH' };
  const answerNext = ({ status, body, headers = {} }: Reply, times: number) => {
    faults.add({ ...writes, times, status, headers, ...(body !== undefined && { body }) });
  };
  return {
    cutAfterCommit: (times = 1) => faults.add({ ...writes, times, cutAfterCommit: true }),
    answerWith: ({ status, headers = {}, body = '' }, times = 1) =>
      faults.add({ ...writes, times, status, headers, text: body }),
    throttle: (seconds, times = 1) => {
      // Salesforce itself never names a time; a gateway before it may.
      const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) };
      answerNext(failed(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', headers), times);
    },
    serverError: (times = 1) => answerNext(failed(500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred.'), times),
    lock: (times = 1) => void (rules.locksLeft += times),
    expireTokens: () => access.expire(),
    revokeCredentials: () => access.revoke(),
    restoreCredentials: () => access.restore(),
    forbid: (kind) => void rules.forbiddenKinds.add(kind),
    refuseRecord: (key) => void rules.refusedKeys.add(key),
    refuseField: (kind) => {
      const field = REFUSABLE[flavour][kind];
      if (field === undefined) throw new Error(`this org holds no ${kind}`);
      rules.refusedFields.set(kind, field);
      return field;
    },
  };
}
