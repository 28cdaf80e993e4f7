import { defineTranslator } from '../translator.js';
import { onDay } from '../wording.js';
import { CANCELLATION_NEEDS, cancellationTranslation } from './cancellation-translation.js';

/** Newer than the manifest: a cancellation that was issued for a later day has taken effect, the cover has ended. */
export const cancellationEffective = defineTranslator('cancellation.effective', {
  needs: CANCELLATION_NEEDS,
  translate: (input) => {
    const { cancellation } = input.snapshot;
    const name = cancellation?.name === undefined ? '' : ` '${cancellation.name}'`;
    const line = `Cancellation${name} took effect${onDay(input, ' on', cancellation?.effectiveMs)}`;
    return cancellationTranslation(input, 'took effect', { line });
  },
});
