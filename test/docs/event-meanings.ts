import type { EventFamily, EventName } from '../../src/events/socotra-events.js';

/** What each event means, in one sentence for people who use the CRM. A missing or unknown event does not compile. */
export const EVENT_MEANINGS: { readonly [E in EventName]: string } = {
  'policyholder.create': 'A person or company was added as a policyholder.',
  'policyholder.update': 'Name, address or other details of the policyholder changed.',

  'policy.create': 'A policy was opened; it begins its life as a quote.',
  'policy.update': 'Values of a policy were edited before it was issued.',
  'policy.finalize': 'Price and documents are fixed; the policy waits to be issued.',
  'policy.issue': 'The policy is bound: the customer has cover from the start date.',
  'policy.endorse': 'A change became part of the policy.',
  'policy.renew': 'The next term is bound.',
  'policy.cancel': 'A cancellation was issued; it may take effect later.',
  'policy.lapse': 'The policy ended because a bill stayed unpaid (older lapse model).',
  'policy.end.reminder': 'The policy ends soon, as early as your Socotra configuration says: a cue for the renewal.',
  'policy.end': 'The policy reached its end date; it is not sent for a cancelled one.',
  'policy.upgrade': 'The policy now follows a newer version of its product; nothing changes for the customer.',
  'policy.discard': 'The policy was thrown away before it was issued.',

  'policy.quote.create': 'A quote was opened; the first one comes with its policy.',
  'policy.quote.update': 'The draft of a quote was edited.',
  'policy.quote.quoted': 'The quote is priced and locked: it can be offered.',
  'policy.quote.accept': 'The customer accepted the quote.',
  'policy.quote.declined': 'The quote is lost; it stays in the target as a lost one.',
  'policy.quote.discard': 'The quote was thrown away and never counted.',

  'policy.gracePeriod': 'A bill is past due; cover goes on until the grace period ends.',
  'policy.gracePeriod.update': 'The end of the grace period moved, or a cancellation was attached to it.',
  'policy.gracePeriod.satisfied': 'The bill was paid: no cancellation follows from it.',

  'policy.reinstatement.open': 'A lapsed policy may be brought back (older lapse model).',
  'policy.reinstatement.invoice': 'The price of bringing it back was billed (older lapse model).',
  'policy.reinstatement.issue': 'The lapsed policy is back (older lapse model).',
  'policy.reinstatement.close': 'The time for bringing it back is over (older lapse model).',

  'endorsement.create': 'A change of the policy was drafted.',
  'endorsement.update': 'The draft was edited.',
  'endorsement.quote': 'The change has a price that can be offered.',
  'endorsement.accept': 'The customer accepted the change.',
  'endorsement.issue': 'The change is part of the policy from its effective date; its premium is billed.',
  'endorsement.invalidate': 'The change fell away, for example because the policy changed in the meantime.',
  'endorsement.discard': 'The draft was thrown away.',

  'renewal.create': 'The next term was drafted.',
  'renewal.update': 'The draft was edited.',
  'renewal.quote': 'The next term has a price that can be offered.',
  'renewal.accept': 'The customer accepted the next term.',
  'renewal.issue': 'The next term is bound; it begins on the effective date.',
  'renewal.invalidate': 'The renewal fell away, for example because the policy changed in the meantime.',
  'renewal.discard': 'The draft was thrown away.',

  'cancellation.create': 'A cancellation is being prepared; the policy can still be kept.',
  'cancellation.update': 'The draft was edited, for example its date.',
  'cancellation.issue': 'The policy ends on the effective date, which may lie in the future or in the past.',
  'cancellation.rescind': 'The cancellation was withdrawn: the policy goes on.',
  'cancellation.effective': 'A cancellation issued for a later day has taken effect: cover has ended.',

  'reinstatement.create': 'The customer is offered the cover back, usually against a payment until a deadline.',
  'reinstatement.accept': 'The customer accepted the offer.',
  'reinstatement.issue': 'The cover is back from the effective date.',
  'reinstatement.invalidate': 'The offer fell away.',
  'reinstatement.deadlineReached': 'The offer was not taken in time.',

  'invoice.issue': 'A bill was issued, or a credit where the amount is negative.',
  'invoice.pastDue': 'A bill was not paid in time; a grace period usually opens with it.',
  'invoice.invalidate': 'The bill fell away together with what it billed.',
  'invoice.writtenOff': 'The insurer gave up on a bill: nobody has to pay it any more.',

  'payment.pay': 'A bill was paid, or a credit was paid out.',
  'payment.reverse': 'A payment bounced or was taken back: its bill is open again.',

  'claim.create': 'A loss was reported.',
  'claim.open': 'The claim was accepted for handling.',
  'claim.update': 'Facts of the claim changed.',
  'claim.close': 'The claim and all its items are closed.',
  'claim.discard': 'The claim was thrown away; with it go its items.',

  'subClaim.open': 'Handling of one damage under one coverage began.',
  'subClaim.update': 'Facts of one item changed.',
  'subClaim.updateReserve': 'Another amount is set aside for one item.',
  'subClaim.createPayable': 'An amount of one item is to be paid out.',
  'subClaim.reversePayable': 'Such an amount was taken back.',
  'subClaim.close': 'One item is closed; nothing is set aside for it any more.',
  'subClaim.reopen': 'One closed item is handled again.',

  'premiumReport.create': 'A report of the premium basis, for example payroll, was drafted.',
  'premiumReport.update': 'The draft was edited.',
  'premiumReport.issue': 'The report counts and is billed.',
  'premiumReport.replace': 'The report was revised: another one takes its place.',
  'premiumReport.reverse': 'The report was taken back after it had counted.',
  'premiumReport.discard': 'The draft was thrown away.',

  'login.success': 'Somebody logged in to Socotra.',
  'login.failure': 'Somebody failed to log in to Socotra.',
};

/** The headings of the page. */
export const FAMILY_TITLES: { readonly [F in EventFamily]: string } = {
  policyholder: 'Policyholders',
  quote: 'Quotes',
  policy: 'Policies',
  endorsement: 'Endorsements',
  renewal: 'Renewals',
  cancellation: 'Cancellations',
  reinstatement: 'Reinstatements',
  legacyReinstatement: 'Reinstatements in the older lapse model',
  invoice: 'Bills',
  payment: 'Payments',
  gracePeriod: 'Grace periods',
  claim: 'Claims',
  subClaim: 'Items of a claim',
  premiumReport: 'Premium reports',
  login: 'Logins',
};
