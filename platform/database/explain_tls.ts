/** Why a connection with TLS did not come about, and the way out. */

/** Words for an error of Node or of the driver; undefined where it has to do with something else. */
export function explainTls(code: string, message: string): string | undefined {
  if (/SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)/.test(code)) {
    return (
      'no authority that this machine knows signed its certificate. ' +
      'Add sslrootcert= with the file, in PEM, of the authority that did (or of the certificate itself, if it is its own)'
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return (
      'its certificate is made out to another name. Use the name that stands there, ' +
      'or sslmode=verify-ca with sslrootcert=, which leaves the name unchecked'
    );
  }
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has run out';
  if (code === 'CERT_NOT_YET_VALID') return 'its certificate is not valid yet';
  if (message.includes('does not support SSL connections')) {
    return 'it does not speak TLS. Turn that on there (ssl = on), or write sslmode=disable';
  }
  if (/pg_hba\.conf .*no encryption/.test(message)) return 'it asks for TLS. Add sslmode=verify-full';
  return undefined;
}
