import { InvalidSettlementError } from './errors';

/** The provider's notice that the money of a payment has arrived. */
export interface Settlement {
  readonly payment: string;
  readonly chargeId: string;
}

/** Reads a notice of settlement from a text. */
export function parseSettlement(text: string): Settlement {
  const { payment, chargeId } = (parse(text) ?? {}) as Record<string, unknown>;
  if (typeof payment !== 'string' || !/^[0-9a-f]{32}$/.test(payment)) throw new InvalidSettlementError("'payment' must be the id of a payment");
  if (typeof chargeId !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(chargeId)) throw new InvalidSettlementError("'chargeId' must be 1 to 255 printable characters");
  return { payment, chargeId };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidSettlementError('the body must be JSON');
  }
}
