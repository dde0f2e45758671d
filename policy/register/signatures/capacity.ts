/** In which capacity an officer signs for their agency. */
export const capacities = ['caldicott-guardian', 'siro', 'dpo', 'director', 'information-sharing-officer'] as const;
export type Capacity = (typeof capacities)[number];
