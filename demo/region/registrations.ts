/** Numbers on professional registers: valid in form, invented in fact. */
import type { Random } from './random.ts';

/**
 * Registers: GMC doctors, NMC nurses and midwives, HCPC allied health professions, SWE social workers (Social Work England),
 * GPhC pharmacists, TRA teachers (Teaching Regulation Agency's teacher reference number).
 */
export type RegisterBody = 'GMC' | 'NMC' | 'HCPC' | 'SWE' | 'GPhC' | 'TRA';

/** The form of each number. A number that fits is not thereby on the register. */
export const registrationFormats: Record<RegisterBody, RegExp> = {
  GMC: /^[0-9]{7}$/,
  NMC: /^[0-9]{2}[A-Z][0-9]{4}[A-Z]$/,
  HCPC: /^[A-Z]{2}[0-9]{6}$/,
  SWE: /^SW[0-9]{5,6}$/,
  GPhC: /^2[0-9]{6}$/,
  TRA: /^[0-9]{7}$/,
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');

/** A number of the right form. */
export function inventRegistration(body: RegisterBody, random: Random, role: string): string {
  switch (body) {
    case 'GMC':
      return `7${random.digits(6)}`;
    case 'NMC':
      return `${String(80 + random.below(20))}${random.pick(letters)}${random.digits(4)}E`;
    case 'HCPC':
      return `${hcpcPrefixes[role] ?? 'PH'}${random.digits(6)}`;
    case 'SWE':
      return `SW${random.digits(6)}`;
    case 'GPhC':
      return `2${random.digits(6)}`;
    case 'TRA':
      return random.digits(7);
  }
}

const hcpcPrefixes: Record<string, string> = {
  'occupational-therapist': 'OT',
  physiotherapist: 'PH',
  paramedic: 'PA',
  'speech-and-language-therapist': 'SL',
};
