import { addressProblem, isHeaderValue, isUsableUrl } from '../kit/setting-checks.js';
import { isSigningSecret } from '../kit/standard-webhooks.js';
import { authWayOf, isBatchSize, NEEDED_BY_AUTH, titleOf } from './rest.fields.js';

/** RFC 9110, 5.1: a header's name is a token. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/;
/** Headers that the exchange itself sets, or that a client may not set at all. */
const RESERVED_HEADERS = new Set([
  'host',
  'content-type',
  'content-length',
  'connection',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'expect',
  'idempotency-key',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  '__proto__',
]);

type Settings = Readonly<Record<string, string>>;

/** Sentences for the customer about settings that do not work together. No value is repeated: it may be a secret. */
export function checkRestSettings(settings: Settings): readonly string[] {
  const way = authWayOf(settings);
  const problems = NEEDED_BY_AUTH[way]
    .filter((name) => settings[name] === undefined)
    .map((name) => `"${titleOf(name)}" is missing: this kind of authentication needs it.`);
  for (const name of ['api-url', 'token-url']) {
    const text = settings[name];
    if (text !== undefined && !isUsableUrl(text)) problems.push(addressProblem(titleOf(name)));
  }
  const header = way === 'header' ? settings.username : undefined;
  if (header !== undefined && (!HEADER_NAME.test(header) || RESERVED_HEADERS.has(header.toLowerCase()))) {
    problems.push(`"${titleOf('username')}" must be the name of a header that is free to use, for example X-Api-Key.`);
  }
  if (settings['api-token'] !== undefined && !isHeaderValue(settings['api-token'])) {
    problems.push(`"${titleOf('api-token')}" contains characters that no header can carry: copy it again.`);
  }
  const batchSize = settings['batch-size'];
  if (batchSize !== undefined && !isBatchSize(batchSize)) {
    problems.push(`"${titleOf('batch-size')}" must be a whole number from 1 to 100.`);
  }
  const secret = settings['signing-secret'];
  if (secret !== undefined && !isSigningSecret(secret)) {
    problems.push(`"${titleOf('signing-secret')}" must be whsec_ followed by at least 16 base64 characters.`);
  }
  return problems;
}
