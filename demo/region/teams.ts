/** Teams, the roles that work in them, and the duty desk that answers for each: invented, in the shape of real services. */
import { agencies, type DemoAgency, type Profile } from './agencies.ts';
import { demoId } from './random.ts';
import data from './teams.json' with { type: 'json' };

type DemoDutyDesk = { name: string; phone: string; hours: string };

type DemoTeam = {
  id: string;
  code: string;
  name: string;
  agency: string;
  /** Roles that the generator gives its members, by weight: a role named twice is twice as likely. */
  roles: readonly string[];
  dutyDesk: DemoDutyDesk;
};

type Plan = { code: string; name: string; roles: string[]; hours: string };

const plans: Record<Profile, readonly Plan[]> = data;

export const teams: readonly DemoTeam[] = agencies.flatMap((agency, index) =>
  plans[agency.profile].map((plan, place) => team(agency, plan, deskNumber(agency, index, place))),
);

export function teamOf(agency: string, code: string): DemoTeam {
  const found = teams.find((one) => one.agency === agency && one.code === code);
  if (found === undefined) throw new Error(`The demo region has no team ${code} in ${agency}.`);
  return found;
}

/** The desk that answers for an agency as a whole: its first team's, which is the one that is there longest. */
export function agencyDesk(agency: string): DemoDutyDesk {
  const found = teams.find((one) => one.agency === agency);
  if (found === undefined) throw new Error(`The demo region has no duty desk for ${agency}.`);
  return found.dutyDesk;
}

function team(agency: DemoAgency, plan: Plan, phone: string): DemoTeam {
  return {
    id: demoId(`team ${agency.code} ${plan.code}`),
    code: plan.code,
    name: plan.name,
    agency: agency.code,
    roles: plan.roles,
    dutyDesk: { name: `${agency.shortName}: ${plan.name} duty desk`, phone, hours: plan.hours },
  };
}

/** From 500 upwards within the two ranges for drama, in the range of the agency's own switchboard. */
function deskNumber(agency: DemoAgency, index: number, place: number): string {
  const number = 500 + index * 11 + place;
  return agency.switchboard.startsWith('0191') ? `0191 498 0${number}` : `01632 960${number}`;
}
