import type { Asked, Failure, Target, VerifyResult } from '../connector.js';
import { settingsProblem, verifyResultOf } from '../kit/verify-result.js';
import {
  learnVersion,
  odooAccounts,
  type OdooAccount,
  type OdooVersion,
  OPTIONAL_MODELS,
  type OptionalModel,
  policyModelOf,
} from './odoo.account.js';
import { logIn, type Odoo, odooAt, type Transport } from './odoo.api.js';
import { textOf } from '../kit/json.js';
import {
  ensureClaimsProject,
  ensurePolicyModel,
  ensurePolicyProduct,
  type Ensured,
  mayCreateContacts,
  POLICY_MODEL,
} from './odoo.schema.js';
import { postingOf, titleOf } from './odoo.settings.js';
import { findBankJournal } from './writers/bank-journal.js';

/** Tried on 17 and 19; before 17 tasks have no states and payments other fields. */
const OLDEST = 17;

/** Asks for the version and, as the user, for the user's own settings. */
export async function verifyOdoo(target: Target): Promise<VerifyResult> {
  const version = await learnVersion(target);
  if (!version.ok) return refusal(version.failure);
  const problem = problemOf(target, version.value);
  if (problem !== undefined) return problem;
  const transport = await logInIfNeeded(target, version.value);
  if (!transport.ok) return refusal(transport.failure);
  const ping = await odooAt(target, transport.value).call({ model: 'res.users', method: 'context_get' });
  return ping.ok ? { ok: true } : refusal(ping.failure);
}

function problemOf({ settings }: Target, { way, major }: OdooVersion): VerifyResult | undefined {
  if (major < OLDEST) {
    return settingsProblem('version_too_old', `This is Odoo ${major}; the app works with Odoo ${OLDEST} and later.`);
  }
  const missing = (['account', 'username'] as const).filter((name) => settings[name] === undefined).map(titleOf);
  if (way === 'json2' || missing.length === 0) return undefined;
  const message = `Odoo ${major} needs the name of its database and the login of the user: fill in "${missing.join('" and "')}".`;
  return settingsProblem('login_incomplete', message);
}

async function logInIfNeeded(target: Target, { way }: OdooVersion): Promise<Asked<Transport>> {
  if (way === 'json2') return { ok: true, value: { way } };
  const uid = await logIn(target);
  return uid.ok ? { ok: true, value: { way, uid: uid.value } } : uid;
}

function refusal(failure: Failure): VerifyResult {
  switch (failure.code) {
    case 'database_not_found':
      return settingsProblem(failure.code, `Odoo does not know the database: check "${titleOf('account')}".`);
    case 'redirected':
      return settingsProblem(failure.code, 'The address answers with a redirect: set the address it leads to.');
    case 'answer_unreadable':
    case 'version_unreadable':
    case 'unknown_answer_404':
      return settingsProblem('not_odoo', 'What answers at the address is not Odoo: check it.');
    default:
      return verifyResultOf(failure, {
        unauthorized: `Odoo refuses the API key: create a new one and check "${titleOf('account')}" and "${titleOf('username')}".`,
      });
  }
}

/** Makes what records need (the model of policies, a project for claims) and tells what will be missing. */
export async function ensureOdooSchema(target: Target): Promise<VerifyResult> {
  const before = await odooAccounts.refresh(target);
  if (!before.ok) return refusal(before.failure);
  const odoo = odooAt(target, before.value.transport);
  const contacts = await mayCreateContacts(odoo);
  if (!contacts.ok) return refusal(contacts.failure);
  if (!contacts.value) return settingsProblem('contacts_forbidden', NO_CONTACTS);
  const policies = await ensurePolicyModel(odoo, target, before.value.models[POLICY_MODEL]);
  if (!policies.ok) return refusal(policies.failure);
  const account = policies.value === 'there' ? await odooAccounts.refresh(target) : before;
  if (!account.ok) return refusal(account.failure);
  const warnings = missingWarnings(account.value);
  for (const step of [policyWarnings, claimWarnings, bookWarnings]) {
    const told = await step(odoo, account.value, target);
    if (!told.ok) return refusal(told.failure);
    warnings.push(...told.value);
  }
  return { ok: true, warnings };
}

const NO_CONTACTS =
  'The user of the API key may not create contacts, and no other record has its place without one: give it the right "Contact Creation" in Odoo (Settings > Users).';

type Step = (odoo: Odoo, account: OdooAccount, target: Target) => Promise<Asked<readonly string[]>>;

const APPS: Readonly<Record<Exclude<OptionalModel, 'x_insurance_policy' | 'sale.order'>, readonly [string, string]>> = {
  'crm.lead': ['CRM', 'Quotes'],
  'account.move': ['Invoicing', 'Invoices and payments'],
  'project.task': ['Project', 'Claims'],
};

function missingWarnings({ models }: OdooAccount): string[] {
  return OPTIONAL_MODELS.flatMap((model) => {
    if (model === 'x_insurance_policy' || model === 'sale.order') return [];
    const [app, records] = APPS[model];
    if (models[model] === 'missing') return [`${records} are left out: the app ${app} is not installed in Odoo.`];
    if (models[model] === 'ready') return [];
    return [`${records} will be refused: give the user of the API key access rights in the app ${app}.`];
  });
}

const policyWarnings: Step = async (odoo, account) => {
  if (policyModelOf(account) === POLICY_MODEL) return told([]);
  if (policyModelOf(account) === undefined) {
    return told([
      'Policies are left out: neither may the user create a model for them, nor is the app Sales installed.',
    ]);
  }
  const sentence =
    'Policies become draft sales orders, because Odoo has no model for them and the user may not create it.';
  const product = await ensurePolicyProduct(odoo);
  const refusedProduct = 'Policies will be refused: the user may not create the product that their sales orders sell.';
  return withRefusal(product, refusedProduct, [sentence]);
};

const claimWarnings: Step = async (odoo, { models }) => {
  if (models['project.task'] === 'missing') return told([]);
  const sentence = 'Claims will be refused: the user may not create the project "Insurance claims" for them.';
  return withRefusal(await ensureClaimsProject(odoo), sentence, []);
};

/** An amount in a currency that is not active is refused, and a payment without an account makes no entry. */
const bookWarnings: Step = async (odoo, { models }, target) => {
  if (models['account.move'] !== 'ready') return told([]);
  const currencies = await odoo.searchRead('res.currency', [['active', '=', true]], ['name']);
  const warnings: string[] = [];
  if (currencies.ok && currencies.value.length === 1) {
    warnings.push(oneCurrency(textOf(currencies.value[0]?.['name'])));
  }
  if (postingOf(target.settings) === 'draft') return told(warnings);
  const journal = await findBankJournal(odoo);
  if (!journal.ok) return journal.failure.outcome === 'rejected' ? told([...warnings, NO_JOURNAL]) : journal;
  if (journal.value === undefined) return told([...warnings, NO_JOURNAL]);
  const domain = [
    ['journal_id', '=', journal.value],
    ['payment_type', '=', 'inbound'],
  ];
  const methods = await odoo.searchRead('account.payment.method.line', domain, ['payment_account_id']);
  const isSafe = !methods.ok || methods.value.every((method) => Array.isArray(method['payment_account_id']));
  return told(isSafe ? warnings : [...warnings, NO_ACCOUNT]);
};

/** Anybody may call for Start, and this name is the server's: it is repeated only where it can be nothing but a currency. */
function oneCurrency(name: string): string {
  return /^[A-Z]{3}$/.test(name)
    ? `Only ${name} is active in Odoo: invoices in another currency are refused until you activate it.`
    : 'Only one currency is active in Odoo: invoices in another one are refused until you activate it.';
}

const NO_JOURNAL = 'Payments will be refused: Odoo has no bank journal that the user may see.';
const NO_ACCOUNT =
  'Payments may make no journal entry: set an outstanding receipts account on the incoming payment methods of the bank journal.';

function told(warnings: readonly string[]): Asked<readonly string[]> {
  return { ok: true, value: warnings };
}

function withRefusal(ensured: Asked<Ensured>, sentence: string, others: readonly string[]): Asked<readonly string[]> {
  if (!ensured.ok) return ensured;
  return told(ensured.value === 'there' ? others : [...others, sentence]);
}
