/** The reports add up the payments of one day. */
export const DAYS = /* sql */ `
CREATE INDEX payments_taken ON payments (taken_at);
`;
