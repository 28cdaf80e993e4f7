import type { JsonObject } from '../kit/json.js';

/** The pipelines that the app keeps; people recognise them, and the app finds them, by their labels. */

export interface PipelinePlan<S extends string> {
  readonly objectType: 'deals' | 'tickets';
  readonly label: string;
  /** In their order on the board. Deals: probability, 1.0 is won, 0.0 is lost. Tickets: whether they are open. */
  readonly stages: Readonly<Record<S, JsonObject>>;
}

export type QuoteStage = 'Draft' | 'Quoted' | 'Other' | 'Accepted' | 'Declined' | 'Discarded';
export type PolicyStage =
  'Quote' | 'Issued' | 'In force' | 'Grace period' | 'Reinstated' | 'Expired' | 'Cancelled' | 'Lapsed' | 'Discarded';
export type ClaimStage = 'New' | 'Open' | 'Closed' | 'Discarded';

const WON = { probability: '1.0' };
const LOST = { probability: '0.0' };

export const QUOTES: PipelinePlan<QuoteStage> = {
  objectType: 'deals',
  label: 'Quotes',
  stages: {
    Draft: { probability: '0.2' },
    Quoted: { probability: '0.5' },
    Other: { probability: '0.2' },
    Accepted: WON,
    Declined: LOST,
    Discarded: LOST,
  },
};

/** Cover that was paid for is won, also after its term ended. */
export const POLICIES: PipelinePlan<PolicyStage> = {
  objectType: 'deals',
  label: 'Policies',
  stages: {
    Quote: { probability: '0.5' },
    Issued: WON,
    'In force': WON,
    'Grace period': WON,
    Reinstated: WON,
    Expired: WON,
    Cancelled: LOST,
    Lapsed: LOST,
    Discarded: LOST,
  },
};

export const CLAIMS: PipelinePlan<ClaimStage> = {
  objectType: 'tickets',
  label: 'Claims',
  stages: {
    New: { ticketState: 'OPEN' },
    Open: { ticketState: 'OPEN' },
    Closed: { ticketState: 'CLOSED' },
    Discarded: { ticketState: 'CLOSED' },
  },
};

/** HubSpot's ids of a pipeline and its stages, different in every account. */
export interface Pipeline<S extends string> {
  readonly id: string;
  readonly stageIds: Readonly<Record<S, string>>;
}

export function pipelineInput({ label, stages }: PipelinePlan<string>): JsonObject {
  return { label, displayOrder: 0, stages: Object.entries(stages).map(stageInput) };
}

export function stageInput([label, metadata]: readonly [string, JsonObject], displayOrder: number): JsonObject {
  return { label, displayOrder, metadata };
}
