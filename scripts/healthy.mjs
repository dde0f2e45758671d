/** Ends with code 0 if the service on this machine says that it is ready, for the health check of a container. */
const tls = process.env.TLS_CERT_FILE ? 'https' : 'http';
if (tls === 'https') process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; // the certificate is not made out to localhost
const response = await fetch(`${tls}://localhost:${process.env.PORT || 4000}/readyz`, {
  signal: AbortSignal.timeout(2_500),
});
process.exit(response.ok ? 0 : 1);
