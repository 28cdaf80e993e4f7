import type { Versioned } from './entities.js';

type Dated = Pick<Versioned, 'startMs' | 'endMs' | 'issuedMs' | 'replacedMs'>;

/**
 * The version of a policy, exposure or peril that holds at an instant. Core keeps every version it ever cut: replaced
 * ones, and unissued ones of an endorsement or renewal that is still being worked on.
 *
 * Where no version covers the instant, the earliest future one is taken, else the last past one, so that a policy which
 * has not begun or which has ended still shows its values.
 *
 * @param asOfMs milliseconds since the epoch
 */
export function chooseVersion<T extends Dated>(versions: readonly T[], asOfMs: number): T | undefined {
  const standing = versions.filter((version) => version.replacedMs === undefined);
  const issued = standing.filter((version) => version.issuedMs !== undefined);
  const candidates = (issued.length > 0 ? issued : standing).toSorted((a, b) => a.startMs - b.startMs);
  return (
    candidates.findLast((version) => version.startMs <= asOfMs && asOfMs < version.endMs) ??
    candidates.find((version) => version.startMs > asOfMs) ??
    candidates.at(-1)
  );
}
