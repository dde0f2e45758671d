/** Types of record that agencies of the demo region hold: fields with their sensitivity, and attributes for conditions. */
import type { AssetDefinition } from '../../policy/register/protocols/document.ts';

type Field = AssetDefinition['fields'][number];
type Attribute = AssetDefinition['attributes'][number];

const ordinary = (name: string, title: string): Field => ({ name, title, sensitivity: 'ordinary' });
const special = (name: string, title: string): Field => ({ name, title, sensitivity: 'special-category' });
const criminal = (name: string, title: string): Field => ({ name, title, sensitivity: 'criminal' });
const restricted = (name: string, title: string): Field => ({ name, title, sensitivity: 'restricted' });
const attribute = (name: string, type: Attribute['type']): Attribute => ({ name, type });

const person = [ordinary('name', 'Name'), ordinary('date_of_birth', 'Date of birth'), ordinary('address', 'Address')];

export const childRecord = asset(
  'child-record',
  'Child’s record',
  'What a council’s children’s services hold about one child.',
  [
    ...person,
    ordinary('school', 'School'),
    ordinary('gp', 'GP practice'),
    ordinary('allocated_worker', 'Allocated worker'),
    special('child_protection_plan', 'Child protection plan'),
    special('household', 'Who lives with the child'),
    ordinary('strengths', 'What is going well'),
    ordinary('childs_view', 'What the child says'),
    special('health_needs', 'Health needs'),
    special('immunisations', 'Immunisations'),
    criminal('police_markers', 'Police warning markers'),
    ordinary('housing_situation', 'Housing situation'),
    restricted('birth_family', 'Birth family before adoption'),
  ],
  [attribute('case_status', 'string'), attribute('address_protected', 'boolean'), attribute('age_years', 'number')],
);

export const adultCareRecord = asset(
  'adult-care-record',
  'Adult care record',
  'What a council’s adult social care holds about one person.',
  [
    ...person,
    ordinary('allocated_worker', 'Allocated worker'),
    special('care_package', 'Care at home'),
    ordinary('carer', 'Family carer'),
    restricted('key_safe', 'Key safe'),
    special('equipment_in_place', 'Equipment in place'),
    special('advance_wishes', 'Wishes for future care'),
    special('safeguarding_concerns', 'Safeguarding concerns'),
    restricted('financial_assessment', 'Financial assessment'),
  ],
  [attribute('case_status', 'string'), attribute('age_years', 'number')],
);

export const dischargeRecord = asset(
  'hospital-discharge-record',
  'Hospital discharge record',
  'What a hospital holds about a patient’s way home.',
  [
    ...person,
    ordinary('nhs_number', 'NHS number'),
    ordinary('ward', 'Ward'),
    ordinary('expected_discharge_date', 'Expected date of discharge'),
    special('mobility', 'Getting about'),
    special('equipment_needed', 'Equipment needed'),
    special('care_needs', 'Care needed at home'),
    special('medicines', 'Medicines'),
    special('capacity_and_wishes', 'Mental capacity and wishes'),
    ordinary('next_of_kin', 'Next of kin'),
    special('clinical_summary', 'Clinical summary'),
  ],
  [attribute('age_years', 'number'), attribute('fit_for_discharge', 'boolean')],
);

export const custodyRecord = asset(
  'custody-record',
  'Custody record',
  'What the police hold about a person’s time in custody.',
  [
    ...person,
    criminal('offence', 'Suspected offence'),
    criminal('custody_time', 'Time in custody'),
    ordinary('appropriate_adult', 'Appropriate adult'),
    special('vulnerabilities', 'Vulnerabilities noted'),
    criminal('disposal', 'What was decided'),
    restricted('intelligence', 'Police intelligence'),
  ],
  [attribute('age_years', 'number')],
);

export const youthJusticeRecord = asset(
  'youth-justice-record',
  'Youth justice record',
  'What a youth justice service holds about a child it works with.',
  [
    ...person,
    ordinary('school', 'School'),
    ordinary('allocated_worker', 'Allocated worker'),
    criminal('order', 'Order or agreement'),
    criminal('order_end_date', 'End of the order'),
    special('assessment_summary', 'Assessment in short'),
    ordinary('interventions', 'What is being done'),
    special('risk_to_self', 'Risk of harm to self'),
    criminal('risk_to_others', 'Risk of harm to others'),
    special('safety_plan', 'Safety plan'),
    restricted('victim_information', 'About the victim'),
  ],
  [attribute('age_years', 'number'), attribute('case_status', 'string')],
);

export const housingSupportRecord = asset(
  'housing-support-record',
  'Housing support record',
  'What a housing service holds about a household that is homeless or at risk of it.',
  [
    ...person,
    ordinary('household', 'Household'),
    ordinary('housing_situation', 'Housing situation'),
    ordinary('allocated_worker', 'Allocated worker'),
    special('support_needs', 'Support needs'),
  ],
  [attribute('case_status', 'string')],
);

export const schoolHealthRecord = asset(
  'school-health-record',
  'School health record',
  'What a school nursing service holds about a pupil.',
  [...person, ordinary('school', 'School'), special('immunisations', 'Immunisations')],
  [attribute('age_years', 'number')],
);

/** What a multi-agency risk assessment conference knows of one case; the police of the area keep it. */
export const domesticAbuseCaseRecord = asset(
  'domestic-abuse-case-record',
  'Domestic abuse case record',
  'What is held for a multi-agency risk assessment conference about a person at high risk from a partner or relative.',
  [
    ordinary('name', 'Name'),
    ordinary('date_of_birth', 'Date of birth'),
    restricted('safe_contact', 'Safe way of contact'),
    ordinary('children', 'Children in the home'),
    special('risk_level', 'Level of risk'),
    special('risk_assessment', 'Risk assessment'),
    special('victims_view', 'What the victim wants'),
    ordinary('adviser', 'Domestic abuse adviser'),
    criminal('perpetrator', 'Who causes the harm'),
    criminal('incidents', 'Incidents'),
    criminal('protective_orders', 'Protective orders'),
    special('actions_agreed', 'What the conference agreed'),
    restricted('refuge_address', 'Address of the refuge'),
  ],
  [attribute('risk_level', 'string')],
);

/** Published, and covered by no protocol: nobody outside the council is given anything from it. */
export const learningPlan = asset(
  'education-health-care-plan',
  'Education, health and care plan',
  'The legal plan for a child with special educational needs.',
  [...person, special('needs', 'Needs'), ordinary('provision', 'Support agreed')],
  [],
);

export const assets: readonly AssetDefinition[] = [
  childRecord,
  adultCareRecord,
  dischargeRecord,
  custodyRecord,
  youthJusticeRecord,
  housingSupportRecord,
  schoolHealthRecord,
  domesticAbuseCaseRecord,
  learningPlan,
];

function asset(
  code: string,
  name: string,
  description: string,
  fields: Field[],
  attributes: Attribute[],
): AssetDefinition {
  return {
    type: 'wayleave-asset',
    code,
    name,
    description,
    about_a_person: true,
    actions: ['read'],
    fields,
    attributes,
  };
}
