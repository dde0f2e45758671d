/** A partner system that calls one of our interfaces, as its access token and the directory say. */
import type { Partner } from './partner.ts';

export type Caller = { clientId: string; scopes: string[]; partner: Partner };
