/** What an address does that cannot be used at the moment, after "it"; the codes are those of `src/http`. */
const WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    timeout: 'it does not answer in time',
    etimedout: 'it does not answer in time',
    und_err_connect_timeout: 'it does not answer in time',
    econnrefused: 'it refuses connections',
    econnreset: 'it breaks off the connection',
    epipe: 'it breaks off the connection',
    und_err_socket: 'it breaks off the connection',
    connection_lost: 'it breaks off the connection',
    ehostunreach: 'no way through the network leads to it',
    enetunreach: 'no way through the network leads to it',
    eai_again: 'its name could not be looked up',
    cert_has_expired: 'its certificate has expired',
    cert_not_yet_valid: 'its certificate is not valid yet',
    depth_zero_self_signed_cert: 'its certificate is not from a public authority',
    self_signed_cert_in_chain: 'its certificate is not from a public authority',
    unable_to_get_issuer_cert_locally:
      'its certificate is not from a public authority, or an intermediate one is missing',
    unable_to_verify_leaf_signature:
      'its certificate is not from a public authority, or an intermediate one is missing',
    err_tls_cert_altname_invalid: 'its certificate is for another name',
    err_ssl_wrong_version_number: 'it does not speak https at this port',
    answer_too_large: 'its answer is too large',
    answer_unreadable: 'its answer cannot be read',
  }),
);

/** What OpenSSL says of a handshake that failed is as good as any other to the customer. */
const HANDSHAKE = /^(?:err_ssl_|eproto$)/;
const STATUS = /^(?:unknown_answer|status)_(\d{3})$/;

/**
 * A failure's code as the rest of a sentence for the customer: "The address cannot be used at the moment: …".
 * @param code as in the log, without the prefix of a token endpoint
 */
export function failureInWords(code: string): string {
  const known = WORDS.get(code);
  if (known !== undefined) return known;
  if (HANDSHAKE.test(code)) return 'no encrypted connection with it comes about';
  const status = STATUS.exec(code)?.[1];
  return status === undefined ? code.replaceAll('_', ' ') : `it answers with the status ${status}`;
}
