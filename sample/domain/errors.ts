/** The request is not a valid payment. The message says why and may be shown to the customer. */
export class InvalidPaymentError extends Error {
  public readonly name = 'InvalidPaymentError';
}

/** A payment request without the header that makes a repetition safe. */
export class MissingIdempotencyKeyError extends Error {
  public readonly name = 'MissingIdempotencyKeyError';

  constructor() {
    super("send an 'Idempotency-Key' header of 1 to 255 printable characters");
  }
}

/** The body is larger than any valid payment. */
export class PayloadTooLargeError extends Error {
  public readonly name = 'PayloadTooLargeError';
}

/** The request does not identify its caller. */
export class UnknownCallerError extends Error {
  public readonly name = 'UnknownCallerError';

  constructor() {
    super('the request does not identify its caller');
  }
}

/** No payment of this caller has the id. */
export class PaymentNotFoundError extends Error {
  public readonly name = 'PaymentNotFoundError';
}

/** The provider declined the charge. No money was or will be taken under this key. */
export class PaymentDeclinedError extends Error {
  public readonly name = 'PaymentDeclinedError';

  constructor() {
    super('the payment was declined');
  }
}

/** The customer did not repeat the request and the payment was never charged. The key cannot be used again. */
export class PaymentAbandonedError extends Error {
  public readonly name = 'PaymentAbandonedError';

  constructor() {
    super('the payment was given up before it was charged; send it with a new key');
  }
}

/** The provider did not respond, or its response does not state the result. The same key may be sent again. */
export class ProviderUnavailableError extends Error {
  public readonly name = 'ProviderUnavailableError';
}

/** The charge was sent, and no answer states its result: the provider may still be charging. The same key may be sent again. */
export class ChargeUnderWayError extends Error {
  public readonly name = 'ChargeUnderWayError';
}

/** The payment stopped at an unforeseen error, possibly after the charge. The same key may be sent again, and no other. */
export class PaymentNotFinishedError extends Error {
  public readonly name = 'PaymentNotFinishedError';
}

/** The provider and the ledger disagree about a payment. An operator must investigate: a refund may be necessary. */
export class LedgerMismatchError extends Error {
  public readonly name = 'LedgerMismatchError';
}

/** The signature of a webhook is not valid, or it is too old. */
export class ForgedWebhookError extends Error {
  public readonly name = 'ForgedWebhookError';
}

/** The message is not a valid notice of settlement. */
export class InvalidSettlementError extends Error {
  public readonly name = 'InvalidSettlementError';
}

/** The notice names an unknown payment. */
export class UnknownPaymentError extends Error {
  public readonly name = 'UnknownPaymentError';
}

/** The notice arrived before the charge was booked. A repetition or the reconciliation will book it. */
export class NotChargedYetError extends Error {
  public readonly name = 'NotChargedYetError';
}
