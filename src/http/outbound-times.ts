/** How long an exchange that leaves this process may take, in milliseconds. */
export interface OutboundTimes {
  /** A whole exchange with the State API, from connect to the last byte. */
  readonly platformMs: number;
  /** The same with Core, a target or a token endpoint. */
  readonly tenantMs: number;
  readonly connectMs: number;
  /** Until the first byte of an answer, and between its parts. */
  readonly silenceMs: number;
}

/** Nest's injection token for {@link OutboundTimes}: {@link PRODUCTION_TIMES}, unless a test overrides the provider. */
export const OUTBOUND_TIMES = Symbol('OUTBOUND_TIMES');

export const PRODUCTION_TIMES: OutboundTimes = {
  platformMs: 5_000,
  tenantMs: 20_000,
  connectMs: 5_000,
  silenceMs: 15_000,
};
