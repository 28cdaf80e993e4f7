import type { Asked, Failure, Target } from '../connector.js';
import { objectsOf } from '../kit/json.js';
import { restOfConnection } from '../kit/rest-of-connection.js';
import { errorFailure } from './hubspot.classify.js';
import { type ObjectRef, PATHS, post } from './hubspot.api.js';

/** Two records of HubSpot that belong together. */
export interface Tie {
  readonly from: ObjectRef;
  readonly to: ObjectRef;
}

/** HubSpot takes 2,000 a call; a batch of records never has so many. */
const MOST_TIES = 1_000;

/**
 * Ties records by the plain association of their types. Repeating it changes nothing.
 *
 * @returns what went wrong with single ties
 */
export async function associate<T extends Tie>(ties: readonly T[], target: Target): Promise<ReadonlyMap<T, Failure>> {
  const failures = new Map<T, Failure>();
  const byTypes = Map.groupBy(ties, ({ from, to }) => PATHS.associate(from.type, to.type));
  for (const [path, all] of byTypes) {
    for (let start = 0; start < all.length; start += MOST_TIES) {
      await associateBatch(path, all.slice(start, start + MOST_TIES), target, failures);
    }
  }
  return failures;
}

async function associateBatch<T extends Tie>(
  path: string,
  ties: readonly T[],
  target: Target,
  failures: Map<T, Failure>,
): Promise<void> {
  const wrong = failureIn(await post(target, path, { inputs: ties.map(inputOf) }));
  if (wrong === undefined) return;
  const isAboutOne = wrong.outcome === 'dependency' || wrong.outcome === 'rejected';
  if (ties.length === 1 || !isAboutOne) {
    for (const tie of ties) failures.set(tie, wrong);
    return;
  }
  // Which of them it is about is told in words only: one by one.
  for (const [index, tie] of ties.entries()) {
    await associateBatch(path, [tie], target, failures);
    const failure = failures.get(tie);
    if (failure === undefined || restOfConnection(failure) === undefined) continue;
    for (const other of ties.slice(index + 1)) failures.set(other, failure);
    return;
  }
}

function failureIn(answer: Asked<Readonly<Record<string, unknown>>>): Failure | undefined {
  if (!answer.ok) return answer.failure;
  const [first] = objectsOf(answer.value.errors);
  return first && errorFailure(first);
}

function inputOf({ from, to }: Tie) {
  return { from: { id: from.id }, to: { id: to.id } };
}
