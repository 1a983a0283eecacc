/** When the reconciliation last reviewed a pending payment. The version before this migration ignores the column. */
export const REVIEWS = /* sql */ `
ALTER TABLE payments ADD COLUMN reviewed_at timestamptz;
CREATE INDEX payments_to_review ON payments ((coalesce(reviewed_at, touched_at))) WHERE status = 'pending';
`;
