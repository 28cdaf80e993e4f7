import type { Look, Target, TargetResponse } from '../connectors/connector.js';

/** As an account without the right to write would be answered. */
const REFUSED: TargetResponse = {
  kind: 'answer',
  status: 403,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Read only"}',
};

export interface ReadOnlyTarget {
  readonly target: Target;
  /** How many exchanges were held back because they might have changed something. */
  heldBack(): number;
}

/** A way to the target on which nothing leaves that the connector does not declare to be a read. */
export function readOnly(target: Target, { isRead }: Pick<Look, 'isRead'>): ReadOnlyTarget {
  let heldBack = 0;
  return {
    target: {
      ...target,
      request: (request) => {
        if (isRead(request)) return target.request(request);
        heldBack += 1;
        return Promise.resolve(REFUSED);
      },
    },
    heldBack: () => heldBack,
  };
}
