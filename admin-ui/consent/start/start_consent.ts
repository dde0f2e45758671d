/** GET /consent: when agreement is needed and when not, and for which protocol and purpose somebody is asked or told. */
import type Koa from 'koa';
import { render } from '../../../platform/web/render.ts';
import { listPurposes } from '../../../policy/decisions/consent/asked_clauses.ts';
import { checkRecorder } from '../../../policy/decisions/consent/check_recorder.ts';
import { listObjections } from '../../../policy/decisions/consent/objection.ts';
import { PolicyError } from '../../../policy/errors.ts';
import type { RegisteredProtocol, RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { type Person } from '../../session/person.ts';
import { personOf } from '../../session/require_person.ts';
import { ownDutyDesk, recorderOf, askedHref } from '../recorder.ts';

export function startConsent(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const person = personOf(ctx);
    const officer = person.capacities.length > 0;
    const objections = officer ? await listObjections(context.ground.log, person.post.agency) : [];
    render(ctx, 'consent/start/start.njk', {
      title: 'Consent',
      desk: await ownDutyDesk(context, person),
      damaged: context.register.state() === undefined,
      protocols: protocolsOf(context.register.state(), person),
      officer,
      open: objections.filter(({ outcome }) => outcome === null).length,
    });
  };
}

/** Protocols in force under which the person may record, each with its purposes. */
function protocolsOf(state: RegisterState | undefined, person: Person) {
  if (state === undefined) return [];
  return [...state.protocols.values()]
    .filter((protocol) => protocol.status === 'in-force' && mayRecord(state, protocol, person))
    .map(({ document }) => document)
    .sort((a, b) => a.title.localeCompare(b.title))
    .map((document) => ({
      title: document.title,
      href: `/protocols/${document.id}/${document.version}`,
      purposes: listPurposes(document)
        .filter(({ asks, tells }) => asks.length + tells.length > 0)
        .map(({ purpose, asks, tells }) => ({
          name: purpose.name,
          href: askedHref(document.id, purpose.code),
          does: whatToDo(asks.length > 0, tells.length > 0),
        })),
    }))
    .filter(({ purposes }) => purposes.length > 0);
}

function mayRecord(state: RegisterState, protocol: RegisteredProtocol, person: Person): boolean {
  try {
    checkRecorder(state, protocol, recorderOf(person));
    return true;
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
}

function whatToDo(asks: boolean, tells: boolean): string {
  if (asks && tells) return 'Ask for some of it, and tell them about the rest';
  return asks ? 'Ask' : 'Tell them; they can object';
}
