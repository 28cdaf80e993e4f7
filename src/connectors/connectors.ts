import type { Connector } from './connector.js';
import { hubspotConnector } from './hubspot/hubspot.connector.js';
import { odooConnector } from './odoo/odoo.connector.js';
import { restConnector } from './rest/rest.connector.js';
import { salesforceConnector } from './salesforce/salesforce.connector.js';

/** A target that the form will offer one day; until then Start refuses it in words. */
export interface PlannedTarget {
  readonly planned: true;
  readonly label: string;
}

/** The names that `target` may have; fixed, because settings and log lines carry them. */
export type TargetName = 'hubspot' | 'salesforce' | 'dynamics365' | 'odoo' | 'netsuite' | 'quickbooks' | 'rest';

/** THE LIST: every target, with its connector or the plain statement that there is none yet. */
export const TARGETS: { readonly [T in TargetName]: Connector | PlannedTarget } = {
  hubspot: hubspotConnector,
  salesforce: salesforceConnector,
  dynamics365: { planned: true, label: 'Microsoft Dynamics 365' },
  odoo: odooConnector,
  netsuite: { planned: true, label: 'Oracle NetSuite' },
  quickbooks: { planned: true, label: 'QuickBooks Online' },
  rest: restConnector,
};

export const CONNECTORS: readonly Connector[] = Object.values(TARGETS).filter(isAvailable);

export function isAvailable(target: Connector | PlannedTarget): target is Connector {
  return !('planned' in target);
}

export function isTargetName(name: string): name is TargetName {
  return Object.hasOwn(TARGETS, name);
}
