/** When the provider last answered for a pending payment. The version before this migration ignores the column. */
export const ANSWERS = /* sql */ `
ALTER TABLE payments ADD COLUMN answered_at timestamptz;
`;
