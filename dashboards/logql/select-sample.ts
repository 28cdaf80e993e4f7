import type { Labels, Matcher, RangePlan, Stage } from './plan.ts';

/** One line of the log as it is read. */
export interface LogText {
  readonly text: string;
  readonly timeMs: number;
  /** The members of the JSON object; undefined: the line is none. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

/** What a collector puts on every line; see dashboards/README.md. */
export const STREAM_LABELS: Labels = { app: 'socotra-sync' };

/** What a line adds to a query: its series, and the value that counts there. */
export interface Selected {
  readonly labels: Labels;
  readonly value: number;
}

/** Makes of a plan the function that says what a line adds to it; undefined: nothing. */
export function selectorOf(plan: RangePlan): (line: LogText) => Selected | undefined {
  const stages = plan.stages.map(stageTest);
  const after = plan.after.map(matcherTest);
  const isOfStream = plan.selector.map(matcherTest).every((test) => test((label) => STREAM_LABELS[label] ?? ''));
  return (line) => {
    if (!isOfStream) return undefined;
    // Fields are labels from `| json` on, as in Loki.
    let isParsed = false;
    const labelOf = (label: string): string => {
      if (!isParsed) return STREAM_LABELS[label] ?? '';
      if (label === '__error__') return line.fields === undefined ? 'JSONParserErr' : '';
      return textOf(line.fields?.[label]) || (STREAM_LABELS[label] ?? '');
    };
    for (const stage of stages) {
      if (stage === 'json') isParsed = true;
      else if (!stage(line, labelOf)) return undefined;
    }
    const value = plan.unwrap === undefined ? 1 : numberOf(labelOf(plan.unwrap));
    if (value === undefined || !after.every((test) => test(labelOf))) return undefined;
    return { labels: Object.fromEntries(plan.by.map((label) => [label, labelOf(label)])), value };
  };
}

type LabelOf = (label: string) => string;
type StageTest = 'json' | ((line: LogText, labelOf: LabelOf) => boolean);

function stageTest(stage: Stage): StageTest {
  switch (stage.kind) {
    case 'json':
      return 'json';
    case 'contains':
      return ({ text }) => text.includes(stage.text);
    case 'lacks':
      return ({ text }) => !text.includes(stage.text);
    case 'label': {
      const test = matcherTest(stage.matcher);
      return (_line, labelOf) => test(labelOf);
    }
  }
}

/** A label that is missing counts as empty, and an expression must fit the whole value, as in Loki. */
function matcherTest({ label, op, value }: Matcher): (labelOf: LabelOf) => boolean {
  const pattern = op === '=~' || op === '!~' ? new RegExp(`^(?:${value})$`, 's') : undefined;
  const isNegated = op === '!=' || op === '!~';
  return (labelOf) => {
    const found = labelOf(label);
    return (pattern ? pattern.test(found) : found === value) !== isNegated;
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Loki leaves a line out whose label is missing, and would fail on one that is no number; our schema has none. */
function numberOf(text: string): number | undefined {
  const value = Number(text);
  return text === '' || !Number.isFinite(value) ? undefined : value;
}

/** The kind of line that a query is about: those that it says by `event="…"`; undefined: any. */
export function eventOf(plan: RangePlan): string | undefined {
  const equal = plan.stages.find(
    (stage) => stage.kind === 'label' && stage.matcher.label === 'event' && stage.matcher.op === '=',
  );
  return equal?.kind === 'label' ? equal.matcher.value : undefined;
}
