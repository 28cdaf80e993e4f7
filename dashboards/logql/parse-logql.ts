import { parser } from '@grafana/lezer-logql';
import {
  type Comparison,
  type Matcher,
  type Plan,
  RANGE_OPS,
  type RangeOp,
  type RangePlan,
  type Stage,
  type Window,
} from './plan.ts';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** A query that is no LogQL, or uses more of it than is understood here; the message says what and where. */
export class LogqlError extends Error {
  readonly code = 'logql';
}

/** What Grafana puts in for its variables, and what they stand for here. */
const STEP = '$__auto';
const ALL = '$__range';
/** Any text in the place of a variable parses alike; what was meant is remembered. */
const PLACEHOLDER = '1m';

/** An outer `sum` may be computed with the range, because adding up is the same in any order; so may an outer `max`. */
const SAME_IN_ANY_ORDER: Readonly<Record<string, readonly RangeOp[]>> = {
  sum: ['count_over_time', 'rate', 'sum_over_time'],
  max: ['max_over_time'],
};
/** LogQL allows grouping behind these only. */
const GROUPED_BY_THEMSELVES: readonly RangeOp[] = ['max_over_time', 'quantile_over_time'];
const NEEDS_UNWRAP: readonly RangeOp[] = ['sum_over_time', 'max_over_time', 'quantile_over_time'];
const COMPARISONS: Readonly<Record<string, Comparison['op']>> = {
  Gtr: '>',
  Gte: '>=',
  Lss: '<',
  Lte: '<=',
  Eql: '==',
  Neq: '!=',
};

/** The query with the dashboard's variables filled in as for a reader who has chosen nothing. */
export function withoutVariables(logql: string): string {
  return logql.replaceAll(STEP, PLACEHOLDER).replaceAll(ALL, PLACEHOLDER).replaceAll('$tenant', '.*');
}

/**
 * Reads a query with Grafana's own parser.
 * @throws {LogqlError} for what is not LogQL, and for what is not in {@link Plan}.
 */
export function parseLogql(logql: string): Plan {
  const window = logql.includes(STEP)
    ? ({ kind: 'step' } as const)
    : logql.includes(ALL)
      ? ({ kind: 'all' } as const)
      : undefined;
  return new Reader(withoutVariables(logql), window).plan();
}

class Reader {
  readonly #text: string;
  readonly #window: Window | undefined;

  constructor(text: string, window: Window | undefined) {
    this.#text = text;
    this.#window = window;
  }

  plan(): Plan {
    const tree = parser.parse(this.#text);
    tree.iterate({
      enter: (node) => {
        if (node.type.isError)
          throw new LogqlError(`This is no LogQL at "${this.#text.slice(node.from, node.from + 20)}": ${this.#text}`);
      },
    });
    const metric = this.#only(this.#only(tree.topNode, 'Expr'), 'MetricExpr');
    return this.#metric(metric);
  }

  #metric(node: SyntaxNode): Plan {
    const inner = this.#first(node);
    if (inner.name !== 'BinOpExpr') return { range: this.#vector(inner) };
    const [left, op, modifier, right] = children(inner);
    const name = op === undefined ? undefined : COMPARISONS[op.name];
    if (!left || !modifier || !right || name === undefined || this.#textOf(modifier) !== '') return this.#refuse(inner);
    const range = this.#vector(this.#first(this.#only(left, 'MetricExpr')));
    const literal = this.#only(this.#only(right, 'MetricExpr'), 'LiteralExpr');
    return { range, compare: { op: name, value: Number(this.#textOf(literal)) } };
  }

  /** A range aggregation, alone or in one outer aggregation that can be computed with it. */
  #vector(node: SyntaxNode): RangePlan {
    if (node.name === 'RangeAggregationExpr') {
      const { range, by } = this.#range(node);
      if (by === undefined && range.op !== 'absent_over_time')
        return this.#refuse(node, 'without "by", each line would be a series');
      return { ...range, by: by ?? [] };
    }
    if (node.name !== 'VectorAggregationExpr') return this.#refuse(node);
    const parts = children(node);
    const [op, ...rest] = parts;
    const grouping = rest.find(({ name }) => name === 'Grouping');
    const metric = rest.find(({ name }) => name === 'MetricExpr');
    if (!op || !metric || rest.length !== (grouping ? 2 : 1)) return this.#refuse(node);
    const { range, by } = this.#range(this.#only(metric, 'RangeAggregationExpr'));
    const outer = this.#textOf(op);
    if (by !== undefined || !SAME_IN_ANY_ORDER[outer]?.includes(range.op))
      return this.#refuse(node, `${outer} over ${range.op}`);
    return { ...range, by: grouping ? this.#grouping(grouping) : [] };
  }

  #range(node: SyntaxNode): { range: Omit<RangePlan, 'by'>; by?: readonly string[] } {
    const [opNode, ...rest] = children(node);
    const op = RANGE_OPS.find((known) => opNode !== undefined && known === this.#textOf(opNode));
    if (op === undefined) return this.#refuse(node);
    const number = rest.find(({ name }) => name === 'Number');
    const log = rest.find(({ name }) => name === 'LogRangeExpr');
    const grouping = rest.find(({ name }) => name === 'Grouping');
    const known = [number, log, grouping].filter((one) => one !== undefined);
    if (!log || rest.length !== known.length) return this.#refuse(node);
    if (grouping && !GROUPED_BY_THEMSELVES.includes(op)) return this.#refuse(grouping, `${op} cannot be grouped`);
    if ((number !== undefined) !== (op === 'quantile_over_time')) return this.#refuse(node);
    const read = this.#logRange(log);
    if ((read.unwrap !== undefined) !== NEEDS_UNWRAP.includes(op)) return this.#refuse(node, `${op} and unwrap`);
    return {
      range: { op, ...read, ...(number && { quantile: Number(this.#textOf(number)) }) },
      ...(grouping && { by: this.#grouping(grouping) }),
    };
  }

  #logRange(node: SyntaxNode): Pick<RangePlan, 'selector' | 'stages' | 'unwrap' | 'after' | 'window'> {
    const selector: Matcher[] = [];
    const stages: Stage[] = [];
    const after: Matcher[] = [];
    let unwrap: string | undefined;
    let window: Window | undefined;
    for (const part of children(node)) {
      if (part.name === 'Selector')
        selector.push(...this.#descendants(part, 'Matchers', 'Matcher').map((one) => this.#matcher(one)));
      else if (part.name === 'PipelineExpr')
        stages.push(...this.#descendants(part, 'PipelineExpr', 'PipelineStage').flatMap((one) => this.#stage(one)));
      else if (part.name === 'UnwrapExpr') {
        const { label, filters } = this.#unwrapped(part);
        unwrap = label;
        after.push(...filters);
      } else if (part.name === 'Range')
        window = this.#window ?? { kind: 'fixed', ms: this.#duration(this.#only(part, 'Duration')) };
      else this.#refuse(part);
    }
    if (window === undefined) return this.#refuse(node);
    return { selector, stages, after, window, ...(unwrap !== undefined && { unwrap }) };
  }

  #stage(node: SyntaxNode): readonly Stage[] {
    const [first, second] = children(node);
    if (first?.name === 'LineFilters')
      return this.#descendants(first, 'LineFilters', 'LineFilter').map((one) => this.#lineFilter(one));
    if (first?.name !== 'Pipe' || second === undefined) return this.#refuse(node);
    if (second.name === 'LabelParser' && this.#textOf(second) === 'json') return [{ kind: 'json' }];
    if (second.name === 'LabelFilter')
      return [{ kind: 'label', matcher: this.#matcher(this.#only(second, 'Matcher')) }];
    return this.#refuse(node);
  }

  #lineFilter(node: SyntaxNode): Stage {
    const [filter, value, ...more] = children(node);
    if (!filter || !value || more.length > 0) return this.#refuse(node);
    const kind = { '|=': 'contains', '!=': 'lacks' }[this.#textOf(filter)];
    if (kind !== 'contains' && kind !== 'lacks') return this.#refuse(node);
    return { kind, text: this.#string(value) };
  }

  #unwrapped(node: SyntaxNode): { label: string; filters: readonly Matcher[] } {
    const filters: Matcher[] = [];
    let label: string | undefined;
    for (const part of children(node)) {
      if (part.name === 'UnwrapExpr') {
        const inner = this.#unwrapped(part);
        label = inner.label;
        filters.push(...inner.filters);
      } else if (part.name === 'LabelFilter') filters.push(this.#matcher(this.#only(part, 'Matcher')));
      else if (part.name === 'Identifier') label = this.#textOf(part);
      else if (part.name !== 'Pipe' && part.name !== 'Unwrap') this.#refuse(part);
    }
    return label === undefined ? this.#refuse(node) : { label, filters };
  }

  #matcher(node: SyntaxNode): Matcher {
    const [label, op, value] = children(node);
    if (!label || !op || !value) return this.#refuse(node);
    const sign = (['=', '!=', '=~', '!~'] as const).find((one) => one === this.#textOf(op));
    return sign === undefined
      ? this.#refuse(node)
      : { label: this.#textOf(label), op: sign, value: this.#string(value) };
  }

  #grouping(node: SyntaxNode): readonly string[] {
    const [by, labels, ...more] = children(node);
    if (by?.name !== 'By' || more.length > 0) return this.#refuse(node);
    return labels === undefined
      ? []
      : this.#descendants(labels, 'Labels', 'Identifier').map((one) => this.#textOf(one));
  }

  #string(node: SyntaxNode): string {
    const text = this.#textOf(node);
    return text.startsWith('`') ? text.slice(1, -1) : String(JSON.parse(text));
  }

  #duration(node: SyntaxNode): number {
    const [, amount, unit = ''] = /^(\d+)(s|m|h|d)$/.exec(this.#textOf(node)) ?? [];
    const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit];
    return unitMs === undefined ? this.#refuse(node) : Number(amount) * unitMs;
  }

  /** Of a list that the grammar writes as a list in a list: all its items, in their order. */
  #descendants(node: SyntaxNode, list: string, item: string): readonly SyntaxNode[] {
    return children(node).flatMap((child) => {
      if (child.name === item) return [child];
      return child.name === list ? this.#descendants(child, list, item) : [this.#refuse(child)];
    });
  }

  #first(node: SyntaxNode): SyntaxNode {
    return node.firstChild ?? this.#refuse(node);
  }

  #only(node: SyntaxNode, name: string): SyntaxNode {
    const [child, ...more] = children(node);
    return child?.name === name && more.length === 0 ? child : this.#refuse(node);
  }

  #textOf(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }

  #refuse(node: SyntaxNode, why = node.name): never {
    throw new LogqlError(
      `"${this.#textOf(node)}" (${why}) is more LogQL than dashboards/logql understands, in: ${this.#text}`,
    );
  }
}

function children(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
}
