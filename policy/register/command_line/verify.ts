/** `verify`: who signed a text, in which capacity, by the keys given. Each signature is verified, never just one of them. */
import { z } from 'zod';
import { ServiceError } from '../../../platform/errors.ts';
import { canonicalBytes } from '../../../platform/json.ts';
import { PolicyError } from '../../errors.ts';
import { Accession, accessionBytes } from '../protocols/accession.ts';
import { readProtocol } from '../protocols/read.ts';
import { RegisterEvent } from '../events/table.ts';
import { readHeader, Signature, type SignatureType, types } from '../signatures/flattened.ts';
import { verifyOfficerSignature } from '../signatures/officer.ts';
import { SignedAccession } from './accede.ts';
import { type ProtocolText, readDocument, readText } from './files.ts';
import { KeysExport, type KnownKeys, knownKeys } from './register_export.ts';
import { needed, usageError, type Verb } from './verb.ts';
import { capacityInWords, timeInWords } from './words.ts';

const SignedEvent = z.strictObject({ event: RegisterEvent, signature: Signature });
const SignatureFile = z.union([Signature, SignedAccession, SignedEvent]);

/** What GET /policy/v1/protocols/{id}/{version} answers, as far as it is verified here. */
const Given = z.object({ jws: Signature });
const ProtocolPage = z.object({
  document: z.record(z.string(), z.json()),
  signatures: z.array(Given),
  accessions: z.array(z.object({ accession: Accession, signatures: z.tuple([Given, Given]) })),
});

/** One signature, what it must be over, and of what type. */
type Claim = { signature: Signature; bytes: Uint8Array; type: SignatureType; deed: string };

export const verify: Verb = {
  usage: 'verify <text> <signature…> | <page>  --keys <export> [--keys <export> …]',
  summary:
    'Says who signed a protocol, in which capacity. <page> is what GET /policy/v1/protocols/{id}/{version} answered; --keys is what GET /agencies/{code}/jwks or GET /policy/v1/register answered. Fails where any one signature does not verify.',
  options: { keys: { type: 'string', multiple: true } },
  async run(typed, { say }) {
    const [file, ...signatures] = typed.files;
    if (file === undefined) throw usageError('Name the text, and at least one signature.');
    needed({ ...typed, options: { keys: [typed.options.keys].flat()[0] } }, 'keys');
    const page = signatures.length === 0 ? await readPage(file) : undefined;
    const text = page?.text ?? (await readText(file));
    const known: KnownKeys[] = [];
    for (const one of [typed.options.keys ?? []].flat()) {
      known.push(...knownKeys(await readDocument(one, KeysExport, 'a set of keys')));
    }
    say(`“${text.document.title}”, version ${text.document.version} (${text.hash})`);
    let failed = 0;
    const tell = (from: string, outcomes: readonly Outcome[]): void => {
      for (const { verified, words } of outcomes) {
        say(`${verified ? 'VERIFIED' : 'DOES NOT VERIFY'}  ${from}: ${words}`);
        if (!verified) failed += 1;
      }
    };
    for (const one of signatures) tell(one, await verifyFile(one, text, known));
    for (const claim of page?.claims ?? []) tell(file, [await verifyClaim(claim, known)]);
    if (failed > 0) say(`${failed} of what was given does not verify.`);
    return failed > 0 ? 1 : 0;
  },
};

/** A protocol with its signatures as the service publishes them; the text is put into the form that was signed. */
async function readPage(file: string): Promise<{ text: ProtocolText; claims: Claim[] }> {
  const what = 'a protocol with its signatures (or name the signatures too)';
  const { document, signatures, accessions } = await readDocument(file, ProtocolPage, what);
  const bytes = canonicalBytes(document);
  const text = { ...readProtocol(bytes), bytes };
  const given = signatures.flatMap(({ jws }) => claimsOf(jws, text));
  const joined = accessions.flatMap(({ accession, signatures: [own, host] }) =>
    claimsOf({ accession, signature: own.jws, countersignature: host.jws }, text),
  );
  if (given.length === 0) throw new PolicyError('invalid', 'wrong-file', `${file} holds no signature.`);
  return { text, claims: [...given, ...joined] };
}

type Outcome = { verified: boolean; words: string };

async function verifyFile(file: string, text: ProtocolText, known: KnownKeys[]): Promise<Outcome[]> {
  try {
    const claims = claimsOf(await readDocument(file, SignatureFile, 'a signature'), text);
    return await Promise.all(claims.map((claim) => verifyClaim(claim, known)));
  } catch (error) {
    return [refusal(error)];
  }
}

function claimsOf(given: z.infer<typeof SignatureFile>, text: ProtocolText): Claim[] {
  if ('event' in given) return [stopping(given, text)];
  if (!('accession' in given)) {
    return [{ signature: given, bytes: text.bytes, type: types.protocol, deed: 'signed it' }];
  }
  const { accession, signature, countersignature } = given;
  if (accession.protocol !== text.hash) throw otherText();
  const bytes = accessionBytes(accession);
  const who = accession.party.name;
  return [
    { signature, bytes, type: types.accession, deed: `signed that ${who} joins it` },
    ...(countersignature === undefined
      ? []
      : [{ signature: countersignature, bytes, type: types.countersignature, deed: `agreed that ${who} joins it` }]),
  ];
}

function stopping({ event, signature }: z.infer<typeof SignedEvent>, text: ProtocolText): Claim {
  if (event.type !== 'protocol-withdrawn' && event.type !== 'protocol-suspended') {
    throw new PolicyError('invalid', 'wrong-file', 'It is an event, and not one about a protocol’s signature.');
  }
  if (event.data.protocol !== text.hash) throw otherText();
  const withdrawn = event.type === 'protocol-withdrawn';
  return {
    signature,
    bytes: canonicalBytes(event),
    type: withdrawn ? types.withdrawal : types.suspension,
    deed: withdrawn ? 'signed that their agency withdraws from it' : 'signed that their agency suspends it',
  };
}

async function verifyClaim({ signature, bytes, type, deed }: Claim, known: KnownKeys[]): Promise<Outcome> {
  try {
    const { kid, agency = '', officer = '', capacity } = readHeader(signature);
    const { key, holder, nameless } = getKey(known, kid, agency, officer);
    if (capacity === undefined || (holder !== undefined && !holder.capacities.includes(capacity))) {
      throw new PolicyError(
        'forbidden',
        'capacity-missing',
        `the officer does not hold the capacity ${capacity ?? ''}.`,
      );
    }
    const { header, with: answered } = await verifyOfficerSignature(
      signature,
      bytes,
      { ...key, passkey: holder?.passkey },
      type,
    );
    const who = holder === undefined ? `Officer ${officer}` : holder.name;
    const means = answered === 'passkey' ? 'their passkey, over the service’s key' : 'the key';
    const remarks = [
      ...(nameless ? ['The keys given do not say whose they are: compare them with what the agency publishes.'] : []),
      ...(key.revoked === undefined ? [] : [`The key was revoked since, by entry ${key.revoked} of the register.`]),
      ...(holder?.ended === undefined ? [] : [`The appointment ended with entry ${holder.ended} of the register.`]),
    ];
    const words = `${who} of ${agency} ${deed} as ${capacityInWords(capacity)} on ${timeInWords(header.iat)}, with ${means} ${kid}.`;
    return { verified: true, words: [words, ...remarks].join(' ') };
  } catch (error) {
    return refusal(error);
  }
}

function getKey(known: KnownKeys[], kid: string, agency: string, practitioner: string) {
  // Never among another agency's keys; a plain key set says of none whose it is.
  const places = known.filter((one) => one.agency === agency || one.agency === undefined);
  const place = places.find(({ keys }) => keys.some((one) => one.kid === kid));
  const key = place?.keys.find((one) => one.kid === kid);
  if (place === undefined || key === undefined) {
    throw new PolicyError('forbidden', 'unknown-key', `its key ${kid} is none of the keys given for ${agency}.`);
  }
  if (key.compromised_from !== undefined) {
    throw new PolicyError(
      'forbidden',
      'key-compromised',
      `its key counts as compromised from entry ${key.compromised_from} on.`,
    );
  }
  const holder = place.officers?.find((one) => one.practitioner === practitioner);
  if (place.officers !== undefined && holder?.kid !== kid) {
    throw new PolicyError('forbidden', 'not-their-key', `its key is not the one that the officer it names signs with.`);
  }
  return { key, holder, nameless: place.officers === undefined };
}

function otherText(): PolicyError {
  return new PolicyError('invalid', 'wrong-text', 'it is about another text.');
}

function refusal(error: unknown): Outcome {
  if (!(error instanceof ServiceError)) throw error;
  return { verified: false, words: error.message };
}
