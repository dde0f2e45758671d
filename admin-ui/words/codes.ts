/** Official codes as people quote them. */

/** "ODS RTD", "URN 146752": where the code is from, once. */
export function codeWords({ code, codeSystem }: { code: string; codeSystem: string }): string {
  const system = codeSystem === 'charity' ? 'Charity number' : codeSystem.toUpperCase();
  return `${system} ${code.replace(/^[A-Z]+:/, '')}`;
}
