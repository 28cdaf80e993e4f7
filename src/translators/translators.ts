import type { EventName } from '../events/socotra-events.js';
import { invoiceInvalidate } from './billing/invoice.invalidate.js';
import { invoiceIssue } from './billing/invoice.issue.js';
import { invoicePastDue } from './billing/invoice.pastDue.js';
import { invoiceWrittenOff } from './billing/invoice.writtenOff.js';
import { paymentPay } from './billing/payment.pay.js';
import { paymentReverse } from './billing/payment.reverse.js';
import { cancellationCreate } from './cancellation/cancellation.create.js';
import { cancellationEffective } from './cancellation/cancellation.effective.js';
import { cancellationIssue } from './cancellation/cancellation.issue.js';
import { cancellationRescind } from './cancellation/cancellation.rescind.js';
import { cancellationUpdate } from './cancellation/cancellation.update.js';
import { claimClose } from './claim/claim.close.js';
import { claimCreate } from './claim/claim.create.js';
import { claimDiscard } from './claim/claim.discard.js';
import { claimOpen } from './claim/claim.open.js';
import { claimUpdate } from './claim/claim.update.js';
import { subClaimClose } from './claim/subClaim.close.js';
import { subClaimCreatePayable } from './claim/subClaim.createPayable.js';
import { subClaimOpen } from './claim/subClaim.open.js';
import { subClaimReopen } from './claim/subClaim.reopen.js';
import { subClaimReversePayable } from './claim/subClaim.reversePayable.js';
import { subClaimUpdate } from './claim/subClaim.update.js';
import { subClaimUpdateReserve } from './claim/subClaim.updateReserve.js';
import { endorsementAccept } from './endorsement/endorsement.accept.js';
import { endorsementCreate } from './endorsement/endorsement.create.js';
import { endorsementDiscard } from './endorsement/endorsement.discard.js';
import { endorsementInvalidate } from './endorsement/endorsement.invalidate.js';
import { endorsementIssue } from './endorsement/endorsement.issue.js';
import { endorsementQuote } from './endorsement/endorsement.quote.js';
import { endorsementUpdate } from './endorsement/endorsement.update.js';
import { policyGracePeriod } from './grace-period/policy.gracePeriod.js';
import { policyGracePeriodSatisfied } from './grace-period/policy.gracePeriod.satisfied.js';
import { policyGracePeriodUpdate } from './grace-period/policy.gracePeriod.update.js';
import { policyReinstatementClose } from './legacy-reinstatement/policy.reinstatement.close.js';
import { policyReinstatementInvoice } from './legacy-reinstatement/policy.reinstatement.invoice.js';
import { policyReinstatementIssue } from './legacy-reinstatement/policy.reinstatement.issue.js';
import { policyReinstatementOpen } from './legacy-reinstatement/policy.reinstatement.open.js';
import { loginFailure } from './login/login.failure.js';
import { loginSuccess } from './login/login.success.js';
import { policyholderCreate } from './party/policyholder.create.js';
import { policyholderUpdate } from './party/policyholder.update.js';
import { policyCancel } from './policy/policy.cancel.js';
import { policyCreate } from './policy/policy.create.js';
import { policyDiscard } from './policy/policy.discard.js';
import { policyEnd } from './policy/policy.end.js';
import { policyEndReminder } from './policy/policy.end.reminder.js';
import { policyEndorse } from './policy/policy.endorse.js';
import { policyFinalize } from './policy/policy.finalize.js';
import { policyIssue } from './policy/policy.issue.js';
import { policyLapse } from './policy/policy.lapse.js';
import { policyRenew } from './policy/policy.renew.js';
import { policyUpdate } from './policy/policy.update.js';
import { policyUpgrade } from './policy/policy.upgrade.js';
import { premiumReportCreate } from './premium-report/premiumReport.create.js';
import { premiumReportDiscard } from './premium-report/premiumReport.discard.js';
import { premiumReportIssue } from './premium-report/premiumReport.issue.js';
import { premiumReportReplace } from './premium-report/premiumReport.replace.js';
import { premiumReportReverse } from './premium-report/premiumReport.reverse.js';
import { premiumReportUpdate } from './premium-report/premiumReport.update.js';
import { policyQuoteAccept } from './quote/policy.quote.accept.js';
import { policyQuoteCreate } from './quote/policy.quote.create.js';
import { policyQuoteDeclined } from './quote/policy.quote.declined.js';
import { policyQuoteDiscard } from './quote/policy.quote.discard.js';
import { policyQuoteQuoted } from './quote/policy.quote.quoted.js';
import { policyQuoteUpdate } from './quote/policy.quote.update.js';
import { reinstatementAccept } from './reinstatement/reinstatement.accept.js';
import { reinstatementCreate } from './reinstatement/reinstatement.create.js';
import { reinstatementDeadlineReached } from './reinstatement/reinstatement.deadlineReached.js';
import { reinstatementInvalidate } from './reinstatement/reinstatement.invalidate.js';
import { reinstatementIssue } from './reinstatement/reinstatement.issue.js';
import { renewalAccept } from './renewal/renewal.accept.js';
import { renewalCreate } from './renewal/renewal.create.js';
import { renewalDiscard } from './renewal/renewal.discard.js';
import { renewalInvalidate } from './renewal/renewal.invalidate.js';
import { renewalIssue } from './renewal/renewal.issue.js';
import { renewalQuote } from './renewal/renewal.quote.js';
import { renewalUpdate } from './renewal/renewal.update.js';
import type { Translator } from './translator.js';

/** What the manifest may subscribe to is a part of this table: it reads both here. */

/**
 * One row per event that Core may send. The type is total: a missing row, an unknown one, and a row that holds another
 * event's translator do not compile. A new event is one file, one row here and one in `events/socotra-events.ts`.
 */
export const TRANSLATORS: { readonly [E in EventName]: Translator<E> } = {
  'policyholder.create': policyholderCreate,
  'policyholder.update': policyholderUpdate,
  'policy.create': policyCreate,
  'policy.update': policyUpdate,
  'policy.finalize': policyFinalize,
  'policy.issue': policyIssue,
  'policy.endorse': policyEndorse,
  'policy.renew': policyRenew,
  'policy.cancel': policyCancel,
  'policy.lapse': policyLapse,
  'policy.end.reminder': policyEndReminder,
  'policy.end': policyEnd,
  'policy.upgrade': policyUpgrade,
  'policy.discard': policyDiscard,
  'policy.quote.create': policyQuoteCreate,
  'policy.quote.update': policyQuoteUpdate,
  'policy.quote.quoted': policyQuoteQuoted,
  'policy.quote.accept': policyQuoteAccept,
  'policy.quote.declined': policyQuoteDeclined,
  'policy.quote.discard': policyQuoteDiscard,
  'policy.gracePeriod': policyGracePeriod,
  'policy.gracePeriod.update': policyGracePeriodUpdate,
  'policy.gracePeriod.satisfied': policyGracePeriodSatisfied,
  'policy.reinstatement.open': policyReinstatementOpen,
  'policy.reinstatement.invoice': policyReinstatementInvoice,
  'policy.reinstatement.issue': policyReinstatementIssue,
  'policy.reinstatement.close': policyReinstatementClose,
  'endorsement.create': endorsementCreate,
  'endorsement.update': endorsementUpdate,
  'endorsement.quote': endorsementQuote,
  'endorsement.accept': endorsementAccept,
  'endorsement.issue': endorsementIssue,
  'endorsement.invalidate': endorsementInvalidate,
  'endorsement.discard': endorsementDiscard,
  'renewal.create': renewalCreate,
  'renewal.update': renewalUpdate,
  'renewal.quote': renewalQuote,
  'renewal.accept': renewalAccept,
  'renewal.issue': renewalIssue,
  'renewal.invalidate': renewalInvalidate,
  'renewal.discard': renewalDiscard,
  'cancellation.create': cancellationCreate,
  'cancellation.update': cancellationUpdate,
  'cancellation.issue': cancellationIssue,
  'cancellation.rescind': cancellationRescind,
  'cancellation.effective': cancellationEffective,
  'reinstatement.create': reinstatementCreate,
  'reinstatement.accept': reinstatementAccept,
  'reinstatement.issue': reinstatementIssue,
  'reinstatement.invalidate': reinstatementInvalidate,
  'reinstatement.deadlineReached': reinstatementDeadlineReached,
  'invoice.issue': invoiceIssue,
  'invoice.pastDue': invoicePastDue,
  'invoice.invalidate': invoiceInvalidate,
  'invoice.writtenOff': invoiceWrittenOff,
  'payment.pay': paymentPay,
  'payment.reverse': paymentReverse,
  'claim.create': claimCreate,
  'claim.open': claimOpen,
  'claim.update': claimUpdate,
  'claim.close': claimClose,
  'claim.discard': claimDiscard,
  'subClaim.open': subClaimOpen,
  'subClaim.update': subClaimUpdate,
  'subClaim.updateReserve': subClaimUpdateReserve,
  'subClaim.createPayable': subClaimCreatePayable,
  'subClaim.reversePayable': subClaimReversePayable,
  'subClaim.close': subClaimClose,
  'subClaim.reopen': subClaimReopen,
  'premiumReport.create': premiumReportCreate,
  'premiumReport.update': premiumReportUpdate,
  'premiumReport.issue': premiumReportIssue,
  'premiumReport.replace': premiumReportReplace,
  'premiumReport.reverse': premiumReportReverse,
  'premiumReport.discard': premiumReportDiscard,
  'login.success': loginSuccess,
  'login.failure': loginFailure,
};
