/**
 * The ledger and its outbox. Merchant and key are unique: the second protection against a second
 * charge. No sequences: they pin the connection of RDS Proxy.
 */
export const PAYMENTS = /* sql */ `
CREATE TABLE payments (
  id               text PRIMARY KEY,
  merchant         text NOT NULL,
  idempotency_key  text NOT NULL,
  amount           bigint NOT NULL CHECK (amount > 0),
  currency         text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  customer         text NOT NULL,
  status           text NOT NULL CHECK (status IN ('pending', 'charged', 'declined', 'settled', 'abandoned')),
  charge_id        text UNIQUE,
  taken_at         timestamptz NOT NULL,
  touched_at       timestamptz NOT NULL,
  UNIQUE (merchant, idempotency_key),
  CHECK (charge_id IS NOT NULL OR status IN ('pending', 'declined', 'abandoned'))
);
CREATE INDEX payments_pending ON payments (touched_at) WHERE status = 'pending';

CREATE TABLE outbox (
  id            text PRIMARY KEY,
  type          text NOT NULL,
  payment       text NOT NULL REFERENCES payments (id),
  detail        jsonb NOT NULL,
  created_at    timestamptz NOT NULL,
  published_at  timestamptz
);
CREATE INDEX outbox_unpublished ON outbox (created_at) WHERE published_at IS NULL;
`;

/** The privileges of each function's login. No login may delete rows. */
export const PAYMENTS_PRIVILEGES = /* sql */ `
GRANT SELECT, INSERT, UPDATE ON payments, outbox TO pay;
GRANT SELECT, UPDATE ON payments, outbox TO settle, reconcile;
GRANT INSERT ON outbox TO settle, reconcile;
`;
