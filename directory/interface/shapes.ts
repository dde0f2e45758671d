/** The JSON that the directory's interface answers with. */
import { z } from 'zod';

const seconds = z.number().describe('Epoch seconds');

/** A value with who says so, on what evidence, and how old that is. */
function fact<Value extends z.ZodType>(value: Value) {
  return z.strictObject({
    value,
    evidence: z
      .enum(['checked', 'agency', 'format'])
      .describe('checked: compared with evidence; agency: the agency says so; format: it only looks right'),
    source: z.string(),
    checked_by: z.string().optional(),
    checked_at: seconds.optional(),
    age_days: z.int().min(0).optional(),
  });
}

export const DutyDeskShape = z
  .strictObject({
    agency: z.string(),
    agency_name: z.string(),
    team: z.string().optional(),
    name: z.string(),
    phone: z.string(),
    hours: z.string(),
    source: z.string(),
    checked_at: seconds,
    age_days: z.int().min(0),
  })
  .meta({ id: 'DutyDesk' });

export const AgencyShape = z
  .strictObject({
    code: z.string().describe('Official code'),
    code_system: z.enum(['gss', 'ods', 'urn', 'charity']),
    code_source: z.string(),
    kind: z.string(),
    kind_name: z.string(),
    name: z.string(),
    switchboard: z.string().optional(),
    website: z.string().optional(),
    area: z.string().optional(),
    status: z.enum(['active', 'ended']),
    source: z.string(),
    checked_at: seconds,
    age_days: z.int().min(0),
  })
  .meta({ id: 'Agency' });

export const AgencyPage = AgencyShape.extend({
  duty_desk: DutyDeskShape.optional(),
  teams: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      area: z.string().optional(),
      source: z.string(),
      checked_at: seconds,
      age_days: z.int(),
    }),
  ),
}).meta({ id: 'AgencyPage' });

export const AgencyList = z.strictObject({ agencies: z.array(AgencyShape) });

export const RoleList = z.strictObject({
  roles: z.array(
    z.strictObject({
      code: z.string(),
      name: z.string(),
      description: z.string(),
      kinds: z.array(z.string()),
      registers: z.array(z.string()),
      sensitive: z.boolean(),
    }),
  ),
});

export const SearchResults = z.strictObject({
  results: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      why: z.array(z.string()).describe('Why it matched, where the name is not simply as asked'),
      posts: z.array(
        z.strictObject({
          id: z.string(),
          role: z.string(),
          role_name: z.string(),
          agency: z.string(),
          agency_name: z.string(),
          team: z.string(),
          team_name: z.string(),
          kind: z.string(),
          source: z.string(),
          checked_at: seconds,
          age_days: z.int().min(0),
        }),
      ),
    }),
  ),
  page: z.int(),
  pages: z.int(),
  total: z.int().describe('Everybody found, at most 200'),
  more: z.boolean().describe('True when there were more than 200: narrow the search'),
});

export const EntryShape = z
  .strictObject({
    id: z.string(),
    agency: z.strictObject({ code: z.string(), name: z.string() }).describe('The agency that keeps the record'),
    name: fact(z.string()),
    other_names: z.array(z.string()),
    email: fact(z.string()),
    phone: fact(z.string()).optional(),
    identity: fact(z.strictObject({ level: z.int().min(0).max(3), against: z.string().optional() })),
    posts: z.array(
      fact(
        z.strictObject({
          id: z.string(),
          agency: z.string(),
          agency_name: z.string(),
          agency_kind: z.string(),
          switchboard: z.string().optional(),
          team: z.string(),
          team_name: z.string(),
          role: z.string(),
          role_name: z.string(),
          role_description: z.string(),
          kind: z.enum(['substantive', 'acting-up', 'locum']),
          from: seconds,
          until: seconds.optional(),
        }),
      ).extend({ duty_desk: DutyDeskShape.optional() }),
    ),
    registrations: z.array(
      fact(
        z.strictObject({
          body: z.string(),
          body_name: z.string(),
          number: z.string(),
          lapsed: z.boolean(),
          valid_until: seconds.optional(),
        }),
      ),
    ),
  })
  .meta({ id: 'PractitionerEntry' });
