/** Teams, the roles that work in them, and the duty desk that answers for each: invented, in the shape of real services. */
import { agencies, type DemoAgency, type Profile } from './agencies.ts';
import { demoId } from './random.ts';

export type DemoDutyDesk = { name: string; phone: string; hours: string };

export type DemoTeam = {
  id: string;
  code: string;
  name: string;
  agency: string;
  /** Roles that the generator gives its members, by weight: a role named twice is twice as likely. */
  roles: readonly string[];
  dutyDesk: DemoDutyDesk;
};

type Plan = { code: string; name: string; roles: string; hours?: string };

const always = 'Every day, all day and night';
const office = 'Monday to Friday, 8.30am to 5pm';
const long = 'Every day, 8am to 8pm';

const plans: Record<Profile, readonly Plan[]> = {
  council: [
    {
      code: 'childrens-social-care',
      name: 'Children’s social care',
      roles: 'social-worker social-worker social-worker senior-social-worker team-manager',
      hours: always,
    },
    {
      code: 'early-help',
      name: 'Early help',
      roles: 'family-support-worker family-support-worker early-help-coordinator',
    },
    {
      code: 'youth-justice',
      name: 'Youth justice service',
      roles: 'youth-justice-worker youth-justice-worker social-worker',
    },
    {
      code: 'adult-social-care',
      name: 'Adult social care',
      roles: 'social-worker occupational-therapist approved-mental-health-professional care-navigator',
      hours: long,
    },
    {
      code: 'hospital-social-work',
      name: 'Hospital social work',
      roles: 'social-worker senior-social-worker',
      hours: long,
    },
    { code: 'housing-options', name: 'Housing options', roles: 'housing-officer' },
    { code: 'education-inclusion', name: 'Education and inclusion', roles: 'education-welfare-officer' },
    { code: 'information-governance', name: 'Information governance', roles: 'information-governance-officer' },
  ],
  police: [
    {
      code: 'protecting-vulnerable-people',
      name: 'Protecting vulnerable people',
      roles: 'public-protection-officer public-protection-officer police-officer safeguarding-lead',
      hours: always,
    },
    { code: 'neighbourhood', name: 'Neighbourhood policing', roles: 'neighbourhood-officer', hours: long },
    { code: 'response', name: 'Response policing', roles: 'police-officer', hours: always },
    { code: 'custody', name: 'Custody', roles: 'police-officer', hours: always },
    { code: 'youth-justice-liaison', name: 'Youth justice liaison', roles: 'police-officer' },
    { code: 'information-management', name: 'Information management', roles: 'information-governance-officer' },
  ],
  acute: [
    { code: 'health-visiting', name: 'Health visiting', roles: 'health-visitor' },
    { code: 'school-nursing', name: 'School nursing', roles: 'school-nurse' },
    { code: 'district-nursing', name: 'District nursing', roles: 'district-nurse', hours: always },
    {
      code: 'discharge-hub',
      name: 'Discharge hub',
      roles: 'discharge-coordinator physiotherapist occupational-therapist',
      hours: long,
    },
    {
      code: 'emergency-department',
      name: 'Emergency department',
      roles: 'emergency-department-doctor paediatrician',
      hours: always,
    },
    { code: 'urgent-treatment', name: 'Urgent treatment centre', roles: 'general-practitioner', hours: long },
    { code: 'maternity', name: 'Maternity', roles: 'midwife', hours: always },
    { code: 'wards', name: 'Wards', roles: 'pharmacist physiotherapist speech-and-language-therapist', hours: always },
    { code: 'safeguarding', name: 'Safeguarding', roles: 'safeguarding-lead health-visitor', hours: long },
    { code: 'information-governance', name: 'Information governance', roles: 'information-governance-officer' },
  ],
  'mental-health': [
    {
      code: 'children-young-people',
      name: 'Children and young people’s service',
      roles: 'community-psychiatric-nurse psychiatrist occupational-therapist',
      hours: long,
    },
    {
      code: 'community-treatment',
      name: 'Community treatment',
      roles: 'community-psychiatric-nurse psychiatrist substance-misuse-worker',
    },
    { code: 'crisis', name: 'Crisis team', roles: 'community-psychiatric-nurse', hours: always },
    { code: 'safeguarding', name: 'Safeguarding', roles: 'safeguarding-lead', hours: long },
    { code: 'information-governance', name: 'Information governance', roles: 'information-governance-officer' },
  ],
  ambulance: [
    { code: 'emergency-care', name: 'Emergency care', roles: 'paramedic', hours: always },
    { code: 'safeguarding', name: 'Safeguarding', roles: 'safeguarding-lead', hours: long },
    { code: 'information-governance', name: 'Information governance', roles: 'information-governance-officer' },
  ],
  school: [
    { code: 'teaching', name: 'Teaching staff', roles: 'teacher' },
    { code: 'pastoral', name: 'Pastoral care', roles: 'designated-safeguarding-lead special-needs-coordinator' },
    { code: 'office', name: 'School office', roles: 'headteacher information-governance-officer' },
  ],
  voluntary: [
    {
      code: 'support',
      name: 'Support at home',
      roles: 'care-navigator family-support-worker carers-support-worker',
      hours: long,
    },
    {
      code: 'advice',
      name: 'Advice and outreach',
      roles: 'housing-officer youth-worker domestic-abuse-adviser substance-misuse-worker',
    },
    { code: 'office', name: 'Office', roles: 'team-manager information-governance-officer' },
  ],
};

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
    roles: plan.roles.split(' '),
    dutyDesk: { name: `${agency.shortName}: ${plan.name} duty desk`, phone, hours: plan.hours ?? office },
  };
}

/** From 500 upwards within the two ranges for drama, in the range of the agency's own switchboard. */
function deskNumber(agency: DemoAgency, index: number, place: number): string {
  const number = 500 + index * 11 + place;
  return agency.switchboard.startsWith('0191') ? `0191 498 0${number}` : `01632 960${number}`;
}
