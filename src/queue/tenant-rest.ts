/** Why nothing is done for a tenant at the moment, although its events are kept. */
export interface TenantRest {
  /** Nothing of it is handed out before this instant. */
  readonly holdUntilMs: number;
  /** How often in a row its target did not answer. */
  readonly failures: number;
  readonly pause?: TenantPause;
}

/** Something that must be changed by a human; it is tried now and then all the same. */
export interface TenantPause {
  readonly code: string;
  /** Of the tenant's key and state with which it was found; another version is not paused. The newest last. */
  readonly versions: readonly string[];
  readonly recheckAtMs: number;
  readonly waitMs: number;
}

/** After a failure or a pause, one root of the tenant at a time is enough to find out whether it works again. */
export function isOnProbation(rest: TenantRest | undefined): boolean {
  return rest !== undefined && (rest.failures > 0 || rest.pause !== undefined);
}

/** When a tenant's rest ends for a caller that knows this version of it. */
export function restEndsAtMs({ holdUntilMs, pause }: TenantRest, version: string | undefined): number {
  const isPaused = pause !== undefined && (version === undefined || pause.versions.includes(version));
  return isPaused ? Math.max(holdUntilMs, pause.recheckAtMs) : holdUntilMs;
}

/** How operators' pauses are told from those that the worker found out. */
export const PAUSED_BY_OPERATOR = 'paused_by_operator';

/** The rest of a tenant that an operator has paused: until the operator resumes it, whatever else is known. */
export function stoppedByOperator(rest: TenantRest | undefined): TenantRest {
  return { failures: 0, ...rest, holdUntilMs: Infinity };
}

/** A human has looked after it: what it rests for is tried again at once. */
export function hurried(rest: TenantRest): TenantRest {
  return { ...rest, holdUntilMs: 0, ...(rest.pause && { pause: { ...rest.pause, recheckAtMs: 0 } }) };
}
