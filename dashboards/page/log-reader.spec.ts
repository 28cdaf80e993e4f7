import type { LogText } from '../logql/select-sample.ts';
import { LogReader, type ReadCounts } from './log-reader.ts';

const OWN = '{"level":"info","time":"2026-11-22T07:00:00.000Z","event":"app.pulse","memoryBytes":1,"tenants":2}';
const NONE: ReadCounts = { own: 0, foreign: 0, garbage: 0, isCutOff: false };

function read(...chunks: readonly string[]): { counts: ReadCounts; lines: readonly LogText[] } {
  const lines: LogText[] = [];
  const reader = new LogReader((line) => lines.push(line));
  for (const chunk of chunks) reader.add(chunk);
  reader.end();
  return { counts: reader.counts, lines };
}

it.each<[string, readonly string[], Partial<ReadCounts>]>([
  ['nothing', [], {}],
  ['nothing but empty lines', ['\n\n  \r\n'], {}],
  ['a line', [`${OWN}\n`], { own: 1 }],
  ['a last line without an end', [`${OWN}\n${OWN}`], { own: 2 }],
  ['lines of Windows', [`${OWN}\r\n${OWN}\r\n`], { own: 2 }],
  ['a line in pieces', [OWN.slice(0, 10), OWN.slice(10), '\n'], { own: 1 }],
  ['a last line that is cut off', [`${OWN}\n${OWN.slice(0, 50)}`], { own: 1, garbage: 1, isCutOff: true }],
  ['a last line of text', [`${OWN}\nbye`], { own: 1, garbage: 1 }],
  ['other JSON', ['{"event":"else","time":"2026-11-22T07:00:00.000Z"}\n{"msg":"x"}\n{"event":7}\n'], { foreign: 3 }],
  ['a line without a time', ['{"event":"app.pulse"}\n{"event":"app.pulse","time":"soon"}\n'], { foreign: 2 }],
  ['garbage', ['text\n[1]\n{"event":\n{}}\n\u0000\uFFFD\n7\n'], { garbage: 6 }],
  ['a line far too long', ['x'.repeat(40_000), 'x'.repeat(40_000), 'x\n', `${OWN}\n`], { own: 1, garbage: 1 }],
  ['a line far too long in one piece', [`{"event":"${'x'.repeat(70_000)}"}\n${OWN}\n`], { own: 1, garbage: 1 }],
  ['a line far too long at the end', ['x'.repeat(70_000)], { garbage: 1 }],
  ['kubectl logs --timestamps', [`2026-11-22T07:00:00.000000000Z ${OWN}\n`], { own: 1 }],
  ['docker compose logs', [`app-1  | ${OWN}\n`], { own: 1 }],
  ["Docker's own files", [`${JSON.stringify({ log: `${OWN}\n`, stream: 'stdout', time: 'x' })}\n`], { own: 1 }],
  ['wrapped garbage', [`${JSON.stringify({ log: '"event": x', stream: 'stdout' })}\n`], { foreign: 1 }],
])('%s', (_what, chunks, counts) => {
  expect(read(...chunks).counts).toEqual({ ...NONE, ...counts });
});

it.each([OWN, `app-1 | ${OWN}`, JSON.stringify({ log: `${OWN}\n` })])(
  'hands on what the app has written: %s',
  (line) => {
    const [found] = read(`${line}\n`).lines;
    expect(found).toEqual({ text: OWN, timeMs: Date.UTC(2026, 10, 22, 7), fields: JSON.parse(OWN) });
  },
);
