import { styleText } from 'node:util';

/** Where a command shows what it has found. */
export interface Screen {
  /** Columns of the terminal; Infinity where the output goes into a file or another program. */
  readonly width: number;
  readonly isColored: boolean;
}

export type Tone = 'bold' | 'dim' | 'red' | 'yellow' | 'green';

export function toned({ isColored }: Screen, tone: Tone, text: string): string {
  return isColored ? styleText(tone, text, { validateStream: false }) : text;
}

/** What came from outside is shown only where it is plain text: it could steer the terminal, or be a name. */
const PLAIN = /^#?[\w.:-]{1,96}$/;

export function plain(text: string): string {
  return PLAIN.test(text) ? text : 'unprintable';
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];

/** `3 min`, `2 h`: the largest unit that fits. */
export function duration(ms: number): string {
  const [unit, size] = UNITS.find(([, length]) => ms >= length) ?? ['s', 1_000];
  return `${Math.floor(Math.max(0, ms) / size)} ${unit}`;
}

export function ago(instantMs: number, nowMs: number): string {
  return instantMs > nowMs ? `in ${duration(instantMs - nowMs)}` : `${duration(nowMs - instantMs)} ago`;
}

/** To the second, UTC, as the log writes it. */
export function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** `1,234` */
export function amount(value: number): string {
  return value.toLocaleString('en-US');
}

export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = value < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${(value / 1_000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? 'B'}`;
}

/** Breaks a text at spaces; a word that is longer than a line is cut. */
export function wrapped(text: string, width: number): string[] {
  if (width === Infinity) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((one) => one.match(new RegExp(`.{1,${width}}`, 'g')) ?? [''])) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
