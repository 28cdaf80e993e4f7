import type { TargetStandIn } from '../targets/target-stand-in.ts';
import { Bench, type TestedTarget } from './bench.ts';
import type { Clock } from './clock.ts';
import type { ConformanceCase } from './conformance-case.ts';
import type { Engine } from './engine.ts';
import { expectThat } from './expect-that.ts';

export interface CaseSurroundings {
  readonly engine: Engine;
  readonly connectorId: string;
  readonly target: TestedTarget;
  readonly clock: Clock;
}

/** Whether the target has words for all that the case plays with. */
export function appliesTo(
  { needs }: ConformanceCase,
  { faults }: Pick<TestedTarget | TargetStandIn, 'faults'>,
): boolean {
  return needs.every((name) => faults[name] !== undefined);
}

/**
 * Runs one case as a tenant's app would after Start; throws an error whose message is a sentence when the connector is
 * wrong. Neither target nor clock is closed.
 */
export async function runCase(testCase: ConformanceCase, surroundings: CaseSurroundings): Promise<void> {
  const { engine, connectorId, target, clock } = surroundings;
  const connector = engine.connectors.find(({ id }) => id === connectorId);
  if (connector === undefined) throw new Error(`There is no connector ${connectorId}.`);
  const problems = connector.checkSettings(target.settings);
  expectThat(problems.length === 0, `The settings are refused: ${problems.join(' ')}`);
  const bench = new Bench({ engine, connector, target, clock });
  try {
    const started = await bench.start();
    expectThat(started.ok, `Start is refused: ${JSON.stringify(started)}`);
    await testCase.run(bench);
    bench.expectDiscretion();
  } finally {
    await bench.close();
  }
}
