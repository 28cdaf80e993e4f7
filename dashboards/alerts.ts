import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { InstantQuery } from './logql/instant-query.ts';
import { QueriesByEvent } from './logql/queries-by-event.ts';
import { parseLogql } from './logql/parse-logql.ts';
import type { Labels } from './logql/plan.ts';
import type { LogText } from './logql/select-sample.ts';

const FILE = new URL('./alerts.yaml', import.meta.url);

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly severity: string;
  /** Templates: `{{ $labels.tenant }}` stands for the label's value. */
  readonly summary: string;
  readonly action: string;
}

export interface Alert extends Omit<AlertRule, 'expr'> {
  readonly labels: Labels;
}

/** The rules of `alerts.yaml`, in their order. */
export function readAlertRules(text = readFileSync(FILE, 'utf8')): readonly AlertRule[] {
  const file: unknown = parse(text);
  return membersOf(file, 'groups').flatMap((group) => membersOf(group, 'rules').map(ruleOf));
}

/** Evaluates the rules over the lines of a log, as the ruler would. */
export class AlertWatch {
  readonly #rules: readonly { readonly rule: AlertRule; readonly query: InstantQuery; readonly isOfSilence: boolean }[];
  readonly #queries = new QueriesByEvent();

  constructor(rules = readAlertRules()) {
    this.#rules = rules.map((rule) => {
      const plan = parseLogql(rule.expr);
      const query = this.#queries.put(plan, new InstantQuery(plan));
      return { rule, query, isOfSilence: plan.range.op === 'absent_over_time' };
    });
  }

  add(line: LogText): void {
    this.#queries.add(line);
  }

  /**
   * @param hasEnded the log goes no further than this: then its silence says nothing
   * @returns the alerts that ring at this moment; nothing much younger may have been added
   */
  at(nowMs: number, hasEnded = false): readonly Alert[] {
    const asked = this.#rules.filter(({ isOfSilence }) => !(hasEnded && isOfSilence));
    return asked.flatMap(({ rule: { expr: _expr, ...rule }, query }) =>
      query.at(nowMs).map(({ labels }) => ({ ...rule, summary: filled(rule.summary, labels), labels })),
    );
  }
}

function filled(template: string, labels: Labels): string {
  return template.replace(/\{\{ *\$labels\.(\w+) *\}\}/g, (_all, name: string) => labels[name] ?? '');
}

function ruleOf(rule: unknown): AlertRule {
  // Times belong into the queries: what would wait here longer than it says there could not be understood from it.
  if (isRecord(rule) && 'for' in rule) throw new Error('alerts.yaml: a rule with "for" is not understood.');
  const [labels, annotations] = [memberOf(rule, 'labels'), memberOf(rule, 'annotations')];
  return {
    alert: textOf(rule, 'alert'),
    expr: textOf(rule, 'expr'),
    severity: textOf(labels, 'severity'),
    summary: textOf(annotations, 'summary'),
    action: textOf(annotations, 'action'),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function membersOf(value: unknown, name: string): readonly unknown[] {
  const found = memberOf(value, name);
  if (!Array.isArray(found)) throw new Error(`alerts.yaml: a list "${name}" is missing.`);
  return found;
}

function textOf(value: unknown, name: string): string {
  const found = memberOf(value, name);
  if (typeof found !== 'string' || found === '') throw new Error(`alerts.yaml: a text "${name}" is missing.`);
  return found;
}
