import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CASES } from './cases.ts';
import { guard } from './guard.ts';
import { type CaseResult, InterruptedError, runCase } from './kit/bench-case.ts';
import { describeMachine } from './kit/machine.ts';
import { summarise } from './kit/statistics.ts';
import { CHARTS } from './report/chart-list.ts';
import { number, targetTable } from './report/page.ts';
import { chartLinks, PAGE, readResults, writeChart, writeResult, writtenPage } from './report/results.ts';

const USAGE = `npm run bench                          all cases (an hour and a half), then docs/performance.md
npm run bench -- accept memory         some of them: ${CASES.map(({ name }) => name).join(', ')}
npm run bench -- --rounds 5            how often each thing is measured, in turn
npm run bench -- --quick               a look: little of everything, nothing is written
npm run bench -- --report              docs/performance.md from bench/results, without measuring
npm run bench -- --guard               half a minute for CI: exit 1 when accept or memory got worse
`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function measure(names: readonly string[], rounds: number | undefined, quick: boolean): Promise<void> {
  const machine = describeMachine();
  for (const benchCase of CASES.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const result = await runCase(benchCase, { rounds: rounds ?? (quick ? 1 : benchCase.rounds), quick, machine, say });
    show(result);
    if (!quick) await writeResult(result);
  }
}

function show({ variants, skipped }: CaseResult): void {
  for (const { name, metrics } of variants) {
    const figures = Object.entries(metrics).map(([metric, values]) => {
      const { median, low, high } = summarise(values);
      return `${metric} ${number(median)}${low === high ? '' : ` (${number(low)}–${number(high)})`}`;
    });
    say(`  ${name}: ${figures.join(', ')}`);
  }
  for (const sentence of skipped) say(`  ${sentence}`);
}

async function report(): Promise<void> {
  const results = readResults();
  // Only here: whoever measures needs no library that draws.
  const { barChart } = await import('./report/charts.ts');
  for (const chart of CHARTS) {
    const result = results.get(chart.case);
    const svg = result && (await barChart(chart, result));
    if (svg !== undefined) writeChart(chart.case, chart.title, svg);
  }
  writeFileSync(PAGE, await writtenPage(results, chartLinks(CHARTS)));
  say(targetTable(results));
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
      guard: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  const isWrong = rounds !== undefined && (!Number.isInteger(rounds) || rounds < 1);
  const unknown = positionals.filter((name) => !CASES.some((benchCase) => benchCase.name === name));
  if (values.help || unknown.length > 0 || isWrong) {
    process.stdout.write(USAGE);
    process.exitCode = values.help ? 0 : 2;
  } else if (values.guard) {
    const sentences = await guard(say);
    for (const sentence of sentences) say(sentence);
    process.exitCode = sentences.length === 0 ? 0 : 1;
  } else {
    if (!values.report) await measure(positionals, rounds, quick);
    if (!quick) await report();
  }
}

await main().catch((error: unknown) => {
  if (!(error instanceof InterruptedError)) throw error;
  say(error.message);
  process.exit(130);
});
