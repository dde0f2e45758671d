/** Signatures as a plan wants them: one kind that counts, and the others that never may. */
import { type Signature, signFlattened, types } from '../../../../policy/register/signatures/flattened.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { publicPart, thumbprint } from '../../../../policy/register/signatures/keys.ts';
import { forge, protocolHeader } from '../../../support/policy/forge.ts';
import type { SignatureKind } from './plan.ts';
import type { Site } from './write_text.ts';
import { type TestAgency, testNow } from '../../../support/policy/federation.ts';

/** A signature as the plan wants it. `typ` is what it should be about. */
export async function signatureOf(
  { members }: Site,
  agency: TestAgency,
  bytes: Uint8Array,
  typ: (typeof types)[keyof typeof types],
  kind: SignatureKind,
): Promise<Signature> {
  const { officer, key, capacity } = agency.officer;
  const other = agency === members.police ? members.council : members.police;
  const header = { typ, iat: testNow, agency: agency.code, officer, capacity };
  const attacker = generateKey();
  switch (kind) {
    case 'wrong-typ':
      return signFlattened(bytes, { ...header, typ: types.withdrawal }, key);
    case 'wrong-capacity':
      return signFlattened(bytes, { ...header, capacity: 'information-sharing-officer' }, key);
    case 'key-of-another-agency':
      return signFlattened(bytes, header, other.officer.key);
    case 'administration-key':
      return signFlattened(bytes, header, agency.administration);
    case 'too-old':
      return signFlattened(bytes, { ...header, iat: testNow - 8 * 86_400 }, key);
    case 'other-text':
      return signFlattened(Buffer.from('{}'), header, key);
    case 'forged':
      return forge(bytes, protocolHeader(agency.officer, testNow, { typ, kid: thumbprint(publicPart(key)) }), attacker);
    case 'self-asserted':
      return forge(
        bytes,
        protocolHeader({ ...agency.officer, key: attacker }, testNow, { typ, jwk: publicPart(attacker) }),
        attacker,
      );
    case 'good':
    case 'missing':
      return signFlattened(bytes, header, key);
  }
}
