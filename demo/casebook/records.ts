/** The two types of record that Casebook keeps: their fields in the order shown, and the purposes one can open them for. */

export type Purpose = { code: string; name: string; hint: string };

type RecordType = {
  name: string;
  fields: readonly (readonly [name: string, title: string])[];
  purposes: readonly Purpose[];
};

/** Offered so that one can see what happens: no protocol covers it. */
const planning: Purpose = {
  code: 'service-planning',
  name: 'Planning services',
  hint: 'No protocol covers this purpose.',
};

export const recordTypes: Record<'child-record' | 'adult-care-record', RecordType> = {
  'child-record': {
    name: 'Child’s record',
    fields: [
      ['name', 'Name'],
      ['date_of_birth', 'Date of birth'],
      ['address', 'Address'],
      ['household', 'Who lives with the child'],
      ['school', 'School'],
      ['gp', 'GP practice'],
      ['allocated_worker', 'Allocated worker'],
      ['child_protection_plan', 'Child protection plan'],
      ['strengths', 'What is going well'],
      ['childs_view', 'What the child says'],
      ['health_needs', 'Health needs'],
      ['immunisations', 'Immunisations'],
      ['police_markers', 'Police warning markers'],
      ['housing_situation', 'Housing situation'],
      ['birth_family', 'Birth family before adoption'],
    ],
    purposes: [
      {
        code: 'safeguarding-children',
        name: 'Protecting a child from harm',
        hint: 'You are working to keep this child safe.',
      },
      {
        code: 'early-help',
        name: 'Early help for a family',
        hint: 'The family agreed to help before things get worse.',
      },
      {
        code: 'emergency-care',
        name: 'A child in unplanned care',
        hint: 'The child is in front of you and you have not met before.',
      },
      planning,
    ],
  },
  'adult-care-record': {
    name: 'Adult care record',
    fields: [
      ['name', 'Name'],
      ['date_of_birth', 'Date of birth'],
      ['address', 'Address'],
      ['allocated_worker', 'Allocated worker'],
      ['care_package', 'Care at home'],
      ['carer', 'Family carer'],
      ['key_safe', 'Key safe'],
      ['equipment_in_place', 'Equipment in place'],
      ['advance_wishes', 'Wishes for future care'],
      ['safeguarding_concerns', 'Safeguarding concerns'],
      ['financial_assessment', 'Financial assessment'],
    ],
    purposes: [
      {
        code: 'hospital-discharge',
        name: 'Planning the way home from hospital',
        hint: 'The person is in hospital and is to go home.',
      },
      { code: 'care-at-home', name: 'Giving care at home', hint: 'You visit the person at home.' },
      planning,
    ],
  },
};
