/** Something in the database that the signed chain does not say. `where` finds it and names no person. */
export type Difference = { where: string; what: string; cause?: unknown };
