import type { Variant } from './bench-case.ts';

/** Collects the numbers of each round by variant and metric. */
export class Measurements {
  readonly #byVariant = new Map<string, Map<string, number[]>>();

  add(variant: string, metrics: Readonly<Record<string, number>>): void {
    const known = this.#byVariant.get(variant) ?? new Map<string, number[]>();
    this.#byVariant.set(variant, known);
    for (const [name, value] of Object.entries(metrics)) known.set(name, [...(known.get(name) ?? []), rounded(value)]);
  }

  of(variant: string, metric: string): readonly number[] {
    return this.#byVariant.get(variant)?.get(metric) ?? [];
  }

  variants(): readonly Variant[] {
    return [...this.#byVariant].map(([name, metrics]) => ({ name, metrics: Object.fromEntries(metrics) }));
  }
}

/** Four digits say all that a measurement knows. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
