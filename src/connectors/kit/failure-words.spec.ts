import { failureInWords } from './failure-words.js';

it.each([
  ['und_err_connect_timeout', 'it does not answer in time'],
  ['cert_has_expired', 'its certificate has expired'],
  ['answer_too_large', 'its answer is too large'],
  ['etimedout', 'it does not answer in time'],
  ['err_ssl_wrong_version_number', 'it does not speak https at this port'],
  ['err_ssl_tlsv1_unrecognized_name', 'no encrypted connection with it comes about'],
  ['err_ssl_ssl/tls_alert_handshake_failure', 'no encrypted connection with it comes about'],
  ['eproto', 'no encrypted connection with it comes about'],
  ['status_503', 'it answers with the status 503'],
  ['unknown_answer_418', 'it answers with the status 418'],
  ['model_unseen', 'model unseen'],
  ['constructor', 'constructor'],
])('%s: %s', (code, words) => expect(failureInWords(code)).toBe(words));
