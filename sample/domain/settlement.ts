import type { Settlement } from './ledger';

/** The message can't be a notice of settlement. */
export class InvalidSettlementError extends Error {
  public readonly name = 'InvalidSettlementError';
}

/** Reads a notice of settlement from the body of a message. */
export function parseSettlement(body: string): Settlement {
  const { payment, acquirerReference } = (parse(body) ?? {}) as Record<string, unknown>;
  if (typeof payment !== 'string' || payment === '') throw new InvalidSettlementError("'payment' must be the id of a payment");
  if (typeof acquirerReference !== 'string' || acquirerReference === '') throw new InvalidSettlementError("'acquirerReference' must be a text");
  return { payment, acquirerReference };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new InvalidSettlementError('the body must be JSON');
  }
}
