/** Runs once after all tests: drops what is left and stops the server, unless another run uses it. */
export default async function tearDown(): Promise<void> {
  await (globalThis as { endOfTests?: () => Promise<void> }).endOfTests?.();
}
