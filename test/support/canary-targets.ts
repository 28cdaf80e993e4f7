import { STAND_INS } from '../../sandbox/conformance/stand-ins.ts';
import type { StandInFaults, TargetStandIn } from '../../sandbox/targets/target-stand-in.ts';
import type { Canaries } from './canaries.ts';
import { bodyOf, closeServer, listen } from './running-app.js';

type Reply = Parameters<StandInFaults['answerWith']>[0];

/** A target, as the canary test needs it. */
export interface CanaryTarget {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  /** The next write gets this answer. */
  answerWith(reply: Reply): void;
  /** All that the target was sent so far, where that can be seen. */
  readonly standIn?: TargetStandIn;
  close(): Promise<void>;
}

/** What is not a secret of its own: it stands in the manifest or is a place. */
const PUBLIC = new Set(['api-url', 'token-url', 'auth', 'account', 'posting', 'username']);

const CHOSEN = [
  'REST with a token',
  'REST with OAuth',
  'HubSpot with custom objects and keyed notes',
  'Odoo 19 over JSON-2',
  'Odoo 17 over JSON-RPC, posting, where it may set nothing up',
  'Salesforce plain',
];

/** Each connector's stand-ins, their passwords watched, and two targets of ours whose every word is a canary. */
export async function startCanaryTargets(canaries: Canaries): Promise<readonly CanaryTarget[]> {
  const found = STAND_INS.filter(({ name }) => CHOSEN.includes(name));
  const standIns = await Promise.all(
    found.map(async ({ name, connectorId, start }): Promise<CanaryTarget> => {
      const standIn = await start({});
      for (const [setting, value] of Object.entries(standIn.settings)) {
        if (!PUBLIC.has(setting)) canaries.adopt(`${name}: the setting ${setting}`, value);
      }
      return {
        name,
        settings: { ...standIn.settings, target: connectorId },
        answerWith: (reply) => standIn.faults.answerWith(reply),
        standIn,
        close: () => standIn.close(),
      };
    }),
  );
  const basic = { auth: 'basic', username: 'a basic user', 'client-secret': 'a basic password' };
  const header = { auth: 'header', 'api-token': 'a header of its own' };
  const own = await Promise.all([startOwn(canaries, 'basic', basic), startOwn(canaries, 'header', header)]);
  return [...standIns, ...own];
}

/** A receiver of the REST target that accepts everything, and says a canary with every answer. */
async function startOwn(
  canaries: Canaries,
  auth: string,
  wanted: Readonly<Record<string, string>>,
): Promise<CanaryTarget> {
  const replies: Reply[] = [];
  const { server, url } = await listen((request, response) => {
    void bodyOf(request).then((body) => {
      const isWrite = body.includes('"records":[{');
      const { status, headers, body: text } = (isWrite ? replies.shift() : undefined) ?? { status: 200 };
      const said = text ?? JSON.stringify({ note: canaries.mint(`${auth}: what an accepting target says`, 'name') });
      canaries.reach(said);
      response.writeHead(status, headers).end(said);
    });
  });
  const secrets = Object.entries(wanted).map(([setting, what]) => [
    setting,
    setting === 'auth' ? what : canaries.mint(`${auth}: ${what}`),
  ]);
  const place = `${url}/${canaries.mint(`${auth}: the path of the address`)}?key=${canaries.mint(`${auth}: a key in the address`)}`;
  return {
    name: `an own receiver with ${auth}`,
    settings: {
      ...(Object.fromEntries(secrets) as Record<string, string>),
      ...(auth === 'header' && { username: 'X-Own-Key' }),
      target: 'rest',
      'api-url': place,
      'signing-secret': canaries.adopt(
        `${auth}: the signing secret`,
        `whsec_${Buffer.from(`canary-secret-of-${auth}-x`).toString('base64')}`,
      ),
    },
    answerWith: (reply) => void replies.push(reply),
    close: () => closeServer(server),
  };
}

/** The answers of a target that fails, in the shapes that vendors use, with a canary in every member. */
export function failingReplies(canaries: Canaries, target: string): readonly Reply[] {
  const mint = (what: string, form: Parameters<Canaries['mint']>[1] = 'name') =>
    canaries.mint(`${target}: ${what}`, form);
  const wordy = (category = mint('the category of an error', 'code')) => ({
    status: 'error',
    message: `Property values were not valid: ${mint('the message of an error')} ${mint('an e-mail in a message', 'email')}`,
    category,
    correlationId: mint('the correlation id', 'word'),
    errorCode: mint('an error code', 'code'),
    code: mint('a code', 'code'),
    name: `builtins.${mint('the name of an exception', 'word')}`,
    arguments: [mint('the arguments of an exception')],
    debug: `Traceback: ${mint('a trace')}`,
    fields: [mint('a field', 'word')],
    context: { propertyName: [mint('a property', 'word')], birth: [mint('a date of birth', 'date')] },
    errors: [
      {
        message: mint('an inner error'),
        code: mint('an inner code', 'code'),
        in: mint('an inner place', 'word'),
        context: { propertyName: [mint('an inner property', 'word')] },
      },
    ],
    error: {
      code: 200,
      message: mint('an RPC error'),
      data: { name: mint('an RPC exception', 'word'), message: mint('an RPC message'), debug: mint('an RPC trace') },
    },
    results: [
      {
        status: 'failed',
        code: mint('a result code', 'word'),
        message: mint('the message of a result'),
        retryable: false,
      },
    ],
  });
  const json = (status: number, body: object): Reply => {
    const headers = {
      'content-type': 'application/json',
      'x-said': mint('a header of an answer', 'word'),
      'retry-after': '1',
    };
    return { status, headers, body: JSON.stringify(body) };
  };
  return [
    json(400, wordy()),
    json(400, wordy('VALIDATION_ERROR')),
    json(400, [wordy()]),
    json(403, wordy()),
    json(409, wordy()),
    json(422, wordy()),
    json(429, wordy()),
    json(500, wordy()),
    json(503, wordy()),
    json(200, wordy()),
    json(302, wordy()),
    { status: 502, headers: { 'content-type': 'text/html' }, body: `<html><body>${mint('a page')}</body></html>` },
    { status: 200, headers: { 'content-type': 'text/html' }, body: `<!DOCTYPE html><p>${mint('a login page')}</p>` },
    { status: 400, body: mint('a refusal in plain text') },
  ];
}
