import type { OdooDatabase } from './odoo-database.ts';

/** Ids of what every new database holds. */
export const USER = 2;
export const COMPANY = 1;
const BANK_JOURNAL = 6;
export const RECEIVABLE = 31;
const OUTSTANDING = 32;
export const SALES_TAX = 41;

/** A new database as in the recordings: American, with a default sales tax, which invoices of ours must not get. */
export function seed(database: OdooDatabase, outstandingAccount: boolean): void {
  const put = (
    model: string,
    id: number,
    values: Record<string, string | number | boolean>,
    externalId?: string,
  ): void => {
    database.put(model, { ...values, id });
    if (externalId !== undefined) database.externalIds.set(externalId, { model, id });
  };
  describeModels(database);
  put('res.currency', 1, { name: 'USD', active: true }, 'base.USD');
  put('res.currency', 2, { name: 'EUR', active: false }, 'base.EUR');
  put('res.company', COMPANY, { name: 'My Company', currency_id: 1 }, 'base.main_company');
  put('res.users', USER, { name: 'Socotra Sync', company_id: COMPANY });
  put('res.groups', 1, { name: 'User types / Internal User' }, 'base.group_user');
  put('mail.message.subtype', 2, { name: 'Note' }, 'mail.mt_note');
  put('res.country', 233, { name: 'United States', code: 'US' }, 'base.us');
  put('res.country', 231, { name: 'United Kingdom', code: 'GB' }, 'base.uk');
  put('res.country', 68, { name: 'Spain', code: 'ES' }, 'base.es');
  put('res.country.state', 13, { name: 'California', code: 'CA', country_id: 233 }, 'base.state_us_5');
  put('res.country.state', 41, { name: 'New York', code: 'NY', country_id: 233 }, 'base.state_us_27');
  put('res.country.state', 420, { name: 'Cádiz', code: 'CA', country_id: 68 }, 'base.state_es_ca');
  if (!database.has('account.move')) return;
  put('account.tax', SALES_TAX, { name: '15%', amount: 15 });
  put('account.account', RECEIVABLE, { name: 'Account Receivable', account_type: 'asset_receivable' });
  put('account.account', OUTSTANDING, { name: 'Outstanding Receipts', account_type: 'asset_current' });
  put('account.journal', 1, { name: 'Sales', type: 'sale', active: true });
  put('account.journal', BANK_JOURNAL, { name: 'Bank', type: 'bank', active: true });
  for (const [index, type] of ['inbound', 'outbound'].entries()) {
    const payment_account_id = outstandingAccount ? OUTSTANDING : false;
    put('account.payment.method.line', index + 1, { journal_id: BANK_JOURNAL, payment_type: type, payment_account_id });
  }
}

/** Every model and field is a record itself. */
function describeModels(database: OdooDatabase): void {
  let fieldId = 0;
  [...database.models]
    .filter(([name]) => database.has(name))
    .forEach(([name, { label, fields }], index) => {
      database.put('ir.model', { id: index + 1, name: label, model: name });
      for (const [field, { type, label: description, model: relation = '' }] of fields) {
        fieldId += 1;
        const described = {
          name: field,
          model: name,
          model_id: index + 1,
          ttype: type,
          field_description: description,
        };
        database.put('ir.model.fields', { id: fieldId, ...described, relation });
      }
    });
}

/** The account that a payment of this journal and direction goes to; `false`: none is set. */
export function outstandingAccountOf(database: OdooDatabase, journal: unknown, paymentType: unknown): number | false {
  const line = database
    .rows('account.payment.method.line')
    .find((row) => row.journal_id === journal && row.payment_type === paymentType);
  return typeof line?.payment_account_id === 'number' ? line.payment_account_id : false;
}

/** What a first payment gets when its journal has no account of its own: the company's. */
export const FALLBACK_OUTSTANDING = OUTSTANDING;
