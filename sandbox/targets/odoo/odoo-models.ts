/** A field of a model, as far as the stand-in needs to know it. */
export interface Field {
  readonly type:
    | 'char'
    | 'html'
    | 'integer'
    | 'float'
    | 'date'
    | 'datetime'
    | 'boolean'
    | 'selection'
    | 'many2one'
    | 'one2many'
    | 'many2many';
  /** The label that messages name. */
  readonly label: string;
  readonly required?: boolean;
  /** Allowed values and their labels. */
  readonly values?: Readonly<Record<string, string>>;
  /** Of relations. */
  readonly model?: string;
  /** Of a one2many: the field of the other model that points here. */
  readonly inverse?: string;
}

export interface Model {
  readonly label: string;
  readonly fields: Map<string, Field>;
  /** Not to be created without; where Odoo says it in words of its own. */
  readonly requiredMessage?: string;
  /** The app that brings it; absent: every database has it. */
  readonly app?: App;
}

export type App = 'crm' | 'account' | 'sale' | 'project';

type FieldSpec = readonly [name: string, type: Field['type'], label: string, more?: Omit<Field, 'type' | 'label'>];

const ACTIVE: FieldSpec = ['active', 'boolean', 'Active'];
const NAME: FieldSpec = ['name', 'char', 'Name', { required: true }];
const PARTNER: FieldSpec = ['partner_id', 'many2one', 'Contact', { model: 'res.partner' }];
const CUSTOMER: FieldSpec = ['partner_id', 'many2one', 'Customer', { model: 'res.partner' }];
const CURRENCY: FieldSpec = ['currency_id', 'many2one', 'Currency', { model: 'res.currency' }];
const COMPANY_TYPES = { person: 'Individual', company: 'Company' };
const LEAD_TYPES = { lead: 'Lead', opportunity: 'Opportunity' };
const MOVE_TYPES = { entry: 'Journal Entry', out_invoice: 'Customer Invoice', out_refund: 'Customer Credit Note' };
const MOVE_STATES = { draft: 'Draft', posted: 'Posted', cancel: 'Cancelled' };
const ORDER_STATES = { draft: 'Quotation', sale: 'Sales Order', cancel: 'Cancelled' };
const TASK_STATES = { '01_in_progress': 'In Progress', '1_done': 'Done', '1_canceled': 'Cancelled' };
const MESSAGE_TYPES = { comment: 'Comment', notification: 'System notification' };
const PAYMENT_TYPES = { inbound: 'Receive', outbound: 'Send' };
const PARTNER_TYPES = { customer: 'Customer', supplier: 'Vendor' };

/** The models of a new database with the apps installed. @param major the version, because names of fields changed */
export function standardModels(major: number): Map<string, Model> {
  const paymentStates: Readonly<Record<string, string>> =
    major >= 18
      ? { draft: 'Draft', in_process: 'In Process', paid: 'Paid', canceled: 'Canceled' }
      : { draft: 'Draft', posted: 'Posted', cancel: 'Cancelled' };
  return new Map([
    model('res.users', 'User', [NAME, ['company_id', 'many2one', 'Company', { model: 'res.company' }]]),
    model('res.company', 'Companies', [NAME, CURRENCY]),
    model('res.currency', 'Currency', [NAME, ACTIVE]),
    model('res.country', 'Country', [NAME, ['code', 'char', 'Country Code']]),
    model('res.country.state', 'Country state', [
      NAME,
      ['code', 'char', 'State Code'],
      ['country_id', 'many2one', 'Country', { model: 'res.country' }],
    ]),
    model('res.groups', 'Access Groups', [NAME]),
    model('mail.message.subtype', 'Message subtypes', [NAME]),
    model(
      'res.partner',
      'Contact',
      [
        NAME,
        ACTIVE,
        ['company_type', 'selection', 'Company Type', { values: COMPANY_TYPES }],
        ['is_company', 'boolean', 'Is a Company'],
        ['ref', 'char', 'Reference'],
        ['email', 'char', 'Email'],
        ['phone', 'char', 'Phone'],
        ['street', 'char', 'Street'],
        ['city', 'char', 'City'],
        ['zip', 'char', 'Zip'],
        ['country_id', 'many2one', 'Country', { model: 'res.country' }],
        ['state_id', 'many2one', 'State', { model: 'res.country.state' }],
      ],
      { requiredMessage: 'Contacts require a name' },
    ),
    model('mail.message', 'Message', [
      ['model', 'char', 'Related Document Model'],
      ['res_id', 'integer', 'Related Document ID'],
      ['date', 'datetime', 'Date'],
      ['body', 'html', 'Contents'],
      ['message_type', 'selection', 'Type', { values: MESSAGE_TYPES }],
      ['subtype_id', 'many2one', 'Subtype', { model: 'mail.message.subtype' }],
    ]),
    model(
      'crm.lead',
      'Lead',
      [
        ['name', 'char', 'Opportunity', { required: true }],
        ACTIVE,
        PARTNER,
        ['type', 'selection', 'Type', { values: LEAD_TYPES }],
        ['expected_revenue', 'float', 'Expected Revenue'],
        ['date_deadline', 'date', 'Expected Closing'],
        ['description', 'html', 'Notes'],
        ['probability', 'float', 'Probability'],
      ],
      { app: 'crm' },
    ),
    model('project.project', 'Project', [NAME], { app: 'project' }),
    model(
      'project.task',
      'Task',
      [
        ['name', 'char', 'Title', { required: true }],
        ['project_id', 'many2one', 'Project', { model: 'project.project' }],
        CUSTOMER,
        ['state', 'selection', 'State', { values: TASK_STATES }],
        ['description', 'html', 'Description'],
      ],
      { app: 'project' },
    ),
    model(
      'product.product',
      'Product Variant',
      [
        NAME,
        ['type', 'selection', 'Product Type', { values: { consu: 'Goods', service: 'Service' } }],
        ['taxes_id', 'many2many', 'Sales Taxes', { model: 'account.tax' }],
      ],
      { app: 'sale' },
    ),
    model(
      'sale.order',
      'Sales Order',
      [
        ['partner_id', 'many2one', 'Customer', { model: 'res.partner', required: true }],
        ['client_order_ref', 'char', 'Customer Reference'],
        ['origin', 'char', 'Source Document'],
        ['note', 'html', 'Terms and conditions'],
        ['state', 'selection', 'Status', { values: ORDER_STATES }],
        ['order_line', 'one2many', 'Order Lines', { model: 'sale.order.line', inverse: 'order_id' }],
      ],
      { app: 'sale' },
    ),
    model(
      'sale.order.line',
      'Sales Order Line',
      [
        ['order_id', 'many2one', 'Order Reference', { model: 'sale.order' }],
        ['product_id', 'many2one', 'Product', { model: 'product.product', required: true }],
        ['name', 'char', 'Description'],
        ['product_uom_qty', 'float', 'Quantity'],
        ['price_unit', 'float', 'Unit Price'],
      ],
      { app: 'sale' },
    ),
    model('account.tax', 'Tax', [NAME, ['amount', 'float', 'Amount']], { app: 'account' }),
    model('account.account', 'Account', [NAME, ['account_type', 'char', 'Type']], { app: 'account' }),
    model(
      'account.journal',
      'Journal',
      [NAME, ACTIVE, ['type', 'selection', 'Type', { values: { bank: 'Bank', cash: 'Cash', sale: 'Sales' } }]],
      { app: 'account' },
    ),
    model(
      'account.payment.method.line',
      'Payment Methods',
      [
        ['journal_id', 'many2one', 'Journal', { model: 'account.journal' }],
        ['payment_type', 'selection', 'Payment Type', { values: PAYMENT_TYPES }],
        ['payment_account_id', 'many2one', 'Outstanding Account', { model: 'account.account' }],
      ],
      { app: 'account' },
    ),
    model(
      'account.move',
      'Journal Entry',
      [
        ['name', 'char', 'Number'],
        ['ref', 'char', 'Reference'],
        ['state', 'selection', 'Status', { values: MOVE_STATES }],
        ['move_type', 'selection', 'Type', { values: MOVE_TYPES }],
        PARTNER,
        CURRENCY,
        ['invoice_date', 'date', 'Invoice/Bill Date'],
        ['invoice_date_due', 'date', 'Due Date'],
        ['payment_reference', 'char', 'Payment Reference'],
        ['invoice_origin', 'char', 'Origin'],
        ['invoice_line_ids', 'one2many', 'Invoice lines', { model: 'account.move.line', inverse: 'move_id' }],
        ['amount_total', 'float', 'Total'],
        ['amount_residual', 'float', 'Amount Due'],
        ['payment_state', 'char', 'Payment Status'],
      ],
      { app: 'account' },
    ),
    model(
      'account.move.line',
      'Journal Item',
      [
        ['move_id', 'many2one', 'Journal Entry', { model: 'account.move' }],
        ['payment_id', 'many2one', 'Originator Payment', { model: 'account.payment' }],
        ['account_id', 'many2one', 'Account', { model: 'account.account' }],
        ['name', 'char', 'Label'],
        ['quantity', 'float', 'Quantity'],
        ['price_unit', 'float', 'Unit Price'],
        ['tax_ids', 'many2many', 'Taxes', { model: 'account.tax' }],
        ['amount_residual', 'float', 'Residual Amount'],
      ],
      { app: 'account' },
    ),
    model(
      'account.payment',
      'Payments',
      [
        ['state', 'selection', 'Status', { values: paymentStates }],
        ['payment_type', 'selection', 'Payment Type', { values: PAYMENT_TYPES }],
        ['partner_type', 'selection', 'Partner Type', { values: PARTNER_TYPES }],
        CUSTOMER,
        CURRENCY,
        ['amount', 'float', 'Amount'],
        ['date', 'date', 'Date'],
        [major >= 18 ? 'memo' : 'ref', 'char', 'Memo'],
        ['journal_id', 'many2one', 'Journal', { model: 'account.journal' }],
        ['move_id', 'many2one', 'Journal Entry', { model: 'account.move' }],
        ['outstanding_account_id', 'many2one', 'Outstanding Account', { model: 'account.account' }],
      ],
      { app: 'account' },
    ),
    model('ir.model', 'Models', [
      ['name', 'char', 'Model Description', { required: true }],
      ['model', 'char', 'Model', { required: true }],
      ['is_mail_thread', 'boolean', 'Has Mail Thread'],
      ['field_id', 'one2many', 'Fields', { model: 'ir.model.fields', inverse: 'model_id' }],
    ]),
    model('ir.model.fields', 'Fields', [
      ['name', 'char', 'Field Name', { required: true }],
      ['model', 'char', 'Model Name'],
      ['model_id', 'many2one', 'Model', { model: 'ir.model' }],
      ['field_description', 'char', 'Field Label'],
      ['ttype', 'char', 'Field Type'],
      ['relation', 'char', 'Related Model'],
    ]),
    model('ir.model.access', 'Model Access', [
      NAME,
      ['model_id', 'many2one', 'Model', { model: 'ir.model' }],
      ['group_id', 'many2one', 'Group', { model: 'res.groups' }],
      ['perm_read', 'boolean', 'Read Access'],
      ['perm_write', 'boolean', 'Write Access'],
      ['perm_create', 'boolean', 'Create Access'],
      ['perm_unlink', 'boolean', 'Delete Access'],
    ]),
  ]);
}

function model(
  name: string,
  label: string,
  fields: readonly FieldSpec[],
  more: Omit<Model, 'label' | 'fields'> = {},
): [string, Model] {
  return [name, { label, fields: fieldsOf(fields), ...more }];
}

export function fieldsOf(specs: readonly FieldSpec[]): Map<string, Field> {
  return new Map(specs.map(([name, type, label, more]) => [name, { type, label, ...more }]));
}
