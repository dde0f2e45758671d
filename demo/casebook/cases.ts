/**
 * A dozen invented cases of Gateshead Council. No person here exists. NHS numbers are from the range 999 000 0000 to
 * 999 999 9999, which the NHS keeps for tests. Ages stay what they are: dates of birth are counted back from today.
 */

export type Case = {
  reference: string;
  /** Type of record, as Wayleave's protocols name it. */
  asset: 'child-record' | 'adult-care-record';
  dataSubject: { system: string; value: string };
  /** What conditions in a protocol may look at; sent along with the question, never shown. */
  attributes: Record<string, string | number | boolean>;
  values: Record<string, string>;
};

const nhsNumber = 'https://fhir.nhs.uk/Id/nhs-number';

type Plan = {
  age: number;
  nhs: string;
  status?: 'open' | 'review' | 'closed';
  protectedAddress?: boolean;
  values: Record<string, string>;
};

const children: Record<string, Plan> = {
  'GC-1001': {
    age: 4,
    nhs: '9990001103',
    values: {
      name: 'Maisie Robson',
      address: '14 Saltwell Bank, Gateshead',
      school: 'Starts at Bensham Grove Nursery in September',
      gp: 'Bewick Road Surgery',
      allocated_worker: 'Hannah Liddle, children’s social care, 0191 498 0522',
      child_protection_plan: 'Yes, since 3 March: neglect. Core group meets every four weeks.',
      household: 'Mother Kirsty (23), grandmother Pauline (51). Mother’s former partner must not stay overnight.',
      strengths: 'Close to her grandmother. Goes to playgroup three mornings a week and is talking more.',
      childs_view: '“Nana makes my tea.” Likes the slide. Goes quiet when asked about Darren.',
      health_needs: 'Under-weight, being followed by the health visitor. Asthma, blue inhaler.',
      immunisations: 'Pre-school booster missed twice; the rest complete.',
      police_markers: 'Two call-outs to the address for shouting, last one 12 January.',
      housing_situation: 'Council tenancy in the mother’s name. Arrears of £310, repayment agreed.',
      birth_family: 'Not adopted.',
    },
  },
  'GC-1002': {
    age: 9,
    nhs: '9990001170',
    protectedAddress: true,
    values: {
      name: 'Olumide Adeleke',
      address: 'Held by the refuge team',
      school: 'Held by the refuge team',
      gp: 'Held by the refuge team',
      allocated_worker: 'Marcin Zając, children’s social care, 0191 498 0522',
      child_protection_plan: 'No. Child in need plan, reviewed in six weeks.',
      household: 'Mother Folake and sister Sade (6).',
      strengths: 'Top of the class in maths. Looks after his sister.',
      childs_view: 'Wants to go back to football but not to the old house.',
      health_needs: 'Sickle cell trait. Sleeps badly.',
      immunisations: 'Complete.',
      police_markers: 'Non-molestation order against the father.',
      housing_situation: 'In a refuge since April.',
      birth_family: 'Not adopted.',
    },
  },
  'GC-1003': {
    age: 15,
    nhs: '9990001243',
    status: 'review',
    values: {
      name: 'Jakub Nowak',
      address: '3 Derwent Court, Blaydon',
      school: 'Jesmond Park Academy, Year 11',
      gp: 'Blaydon Primary Care Centre',
      allocated_worker: 'Priya Nair, early help, 0191 498 0523',
      child_protection_plan: 'No.',
      household: 'Parents Ewa and Piotr, brother Kamil (11).',
      strengths: 'Repairs bicycles and sells them. Trusts his form teacher.',
      childs_view: 'Says school is pointless since the move; wants a college place in mechanics.',
      health_needs: 'Hearing aid, left.',
      immunisations: 'School-leaver booster due.',
      police_markers: 'None.',
      housing_situation: 'Private tenancy, secure.',
      birth_family: 'Not adopted.',
    },
  },
  'GC-1004': {
    age: 12,
    nhs: '9990001316',
    status: 'closed',
    values: {
      name: 'Isla Fenwick',
      address: '27 Whickham Front Street',
      school: 'Whickham',
      gp: 'Glenpark Medical Centre',
      allocated_worker: 'None: closed last year',
      child_protection_plan: 'No. Ended last year.',
      household: 'Father Stuart.',
      strengths: 'Settled since living with her father.',
      childs_view: 'Happy where she is.',
      health_needs: 'None known.',
      immunisations: 'Complete.',
      police_markers: 'None.',
      housing_situation: 'Owned home.',
      birth_family: 'Not adopted.',
    },
  },
  'GC-1005': {
    age: 2,
    nhs: '9990001383',
    values: {
      name: 'Zara Hussain',
      address: '9 Coatsworth Terrace, Gateshead',
      school: 'None yet',
      gp: 'Bewick Road Surgery',
      allocated_worker: 'Hannah Liddle, children’s social care, 0191 498 0522',
      child_protection_plan: 'Yes, since 20 May: physical harm.',
      household: 'Parents Saima and Imran, grandfather Akbar.',
      strengths: 'Walks, climbs, laughs. Parents come to every meeting.',
      childs_view: 'Too young to say; reaches for her mother.',
      health_needs: 'Healed fracture of the arm in May, seen by the paediatrician.',
      immunisations: 'Complete for age.',
      police_markers: 'Investigation closed without charge.',
      housing_situation: 'Private tenancy, damp reported.',
      birth_family: 'Not adopted.',
    },
  },
  'GC-1006': {
    age: 7,
    nhs: '9990001456',
    values: {
      name: 'Ben Ridley',
      address: '40 Low Fell Road, Gateshead',
      school: 'Kelvin Grove Primary',
      gp: 'Fell Cottage Surgery',
      allocated_worker: 'Sean Callaghan, post-adoption support, 0191 498 0522',
      child_protection_plan: 'No.',
      household: 'Adoptive parents Mark and Neil.',
      strengths: 'Swims for the club.',
      childs_view: 'Has questions about being little; asks them of Sean.',
      health_needs: 'Foetal alcohol spectrum disorder.',
      immunisations: 'Complete.',
      police_markers: 'None.',
      housing_situation: 'Owned home.',
      birth_family: 'Sealed.',
    },
  },
  'GC-1007': {
    age: 0,
    nhs: '9990001529',
    values: {
      name: 'Baby Georgescu',
      address: '5 Askew Road West, Gateshead',
      school: 'None',
      gp: 'Not registered yet',
      allocated_worker: 'Hannah Liddle, children’s social care, 0191 498 0522',
      child_protection_plan: 'Conference next Tuesday.',
      household: 'Mother Larisa (19). Father in Bacău.',
      strengths: 'Breast-fed, gaining weight.',
      childs_view: 'New-born.',
      health_needs: 'Three weeks early; otherwise well.',
      immunisations: 'None due.',
      police_markers: 'None.',
      housing_situation: 'One room in a shared house; to be moved.',
      birth_family: 'Not adopted.',
    },
  },
};

const adults: Record<string, Plan> = {
  'GC-2001': {
    age: 84,
    nhs: '9990001596',
    values: {
      name: 'Edna Charlton',
      address: '61 Heworth Burn Crescent, Felling',
      allocated_worker: 'Imran Qureshi, adult social care, 0191 498 0525',
      care_package: 'Four visits a day since the fall in February.',
      carer: 'Daughter Maureen, lives two streets away.',
      key_safe: 'Left of the back door; the number is with the night team.',
      equipment_in_place: 'Hospital bed, commode, rails.',
      advance_wishes: 'Wants to stay at home. Does not want to be resuscitated; form in the hall drawer.',
      safeguarding_concerns: 'None.',
      financial_assessment: 'Full cost met by the council.',
    },
  },
  'GC-2002': {
    age: 79,
    nhs: '9990001669',
    status: 'review',
    values: {
      name: 'Mohammed Akhtar',
      address: '8 Rectory Road, Gateshead',
      allocated_worker: 'Imran Qureshi, adult social care, 0191 498 0525',
      care_package: 'Two visits a day, Punjabi-speaking carer asked for.',
      carer: 'Wife Nasreen (76), herself unwell.',
      key_safe: 'None: his wife opens.',
      equipment_in_place: 'Walking frame.',
      advance_wishes: 'Not talked about yet.',
      safeguarding_concerns: 'None.',
      financial_assessment: 'Pays a third.',
    },
  },
  'GC-2003': {
    age: 91,
    nhs: '9990001731',
    values: {
      name: 'Joseph Mordue',
      address: 'Flat 2, Chopwell Court',
      allocated_worker: 'Tendai Moyo, adult social care, 0191 498 0525',
      care_package: 'None: refuses.',
      carer: 'Neighbour Brian does the shopping.',
      key_safe: 'By the meter.',
      equipment_in_place: 'Pendant alarm, not worn.',
      advance_wishes: 'Wants the priest called.',
      safeguarding_concerns: 'Somebody has been taking his pension; enquiry open.',
      financial_assessment: 'Declined.',
    },
  },
  'GC-2004': {
    age: 58,
    nhs: '9990001804',
    values: {
      name: 'Teresa Gallagher',
      address: '19 Sunderland Road, Gateshead',
      allocated_worker: 'Tendai Moyo, adult social care, 0191 498 0525',
      care_package: 'Reablement for six weeks.',
      carer: 'Son Liam.',
      key_safe: 'None.',
      equipment_in_place: 'Perching stool, bath board.',
      advance_wishes: 'Not needed.',
      safeguarding_concerns: 'None.',
      financial_assessment: 'No charge.',
    },
  },
  'GC-2005': {
    age: 70,
    nhs: '9990001871',
    values: {
      name: 'Wai-Man Cheung',
      address: '33 Stowell Place, Gateshead',
      allocated_worker: 'Imran Qureshi, adult social care, 0191 498 0525',
      care_package: 'One visit a day for medicines.',
      carer: 'None.',
      key_safe: 'Under the porch light.',
      equipment_in_place: 'Medicine dispenser.',
      advance_wishes: 'Wants a Cantonese interpreter at every meeting.',
      safeguarding_concerns: 'None.',
      financial_assessment: 'Pays in full.',
    },
  },
};

/** Every case, by reference; `now` in epoch seconds. */
export function listCases(now: number): Case[] {
  return [
    ...Object.entries(children).map(([reference, plan]) => toCase(reference, 'child-record', plan, now)),
    ...Object.entries(adults).map(([reference, plan]) => toCase(reference, 'adult-care-record', plan, now)),
  ];
}

export function findCase(reference: string, now: number): Case | undefined {
  return listCases(now).find((one) => one.reference === reference);
}

function toCase(reference: string, asset: Case['asset'], plan: Plan, now: number): Case {
  const caseStatus = plan.status ?? 'open';
  const common = { case_status: caseStatus, age_years: plan.age };
  return {
    reference,
    asset,
    dataSubject: { system: nhsNumber, value: plan.nhs },
    attributes: asset === 'child-record' ? { ...common, address_protected: plan.protectedAddress ?? false } : common,
    values: { ...plan.values, date_of_birth: dateOfBirth(plan.age, now) },
  };
}

// A hundred days past the birthday, so that the age holds; a new-born is three weeks old.
function dateOfBirth(age: number, now: number): string {
  const born = new Date((now - (age === 0 ? 21 : 100) * 86_400) * 1000);
  born.setUTCFullYear(born.getUTCFullYear() - age);
  return born.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}
