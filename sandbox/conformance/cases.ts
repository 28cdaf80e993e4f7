import { CONNECTION_CASES } from './cases/connection.ts';
import { FAILURES_CASES } from './cases/failures.ts';
import { FIELDS_CASES } from './cases/fields.ts';
import { LOOK_CASES } from './cases/look.ts';
import { ONCE_CASES } from './cases/once.ts';
import type { ConformanceCase } from './conformance-case.ts';

/** THE SUITE: what every connector must get right. */
export const CASES: readonly ConformanceCase[] = [
  ...ONCE_CASES,
  ...FIELDS_CASES,
  ...FAILURES_CASES,
  ...CONNECTION_CASES,
  ...LOOK_CASES,
];
