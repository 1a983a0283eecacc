/** The request can't be a payment; the message says why and may be shown to the customer. */
export class InvalidPaymentError extends Error {
  public readonly name = 'InvalidPaymentError';
}

/** A payment was asked for without the header that makes its repetition safe. */
export class MissingIdempotencyKeyError extends Error {
  public readonly name = 'MissingIdempotencyKeyError';

  constructor() {
    super("send an 'Idempotency-Key' header of 1 to 255 printable characters");
  }
}

/** The body is larger than any payment. */
export class PayloadTooLargeError extends Error {
  public readonly name = 'PayloadTooLargeError';
}

/** The entrance says nothing of who calls. */
export class UnknownCallerError extends Error {
  public readonly name = 'UnknownCallerError';

  constructor() {
    super('the request does not say who calls');
  }
}

/** There is no payment of that id, or none of this caller. */
export class PaymentNotFoundError extends Error {
  public readonly name = 'PaymentNotFoundError';
}

/** The key was used for another payment. */
export class KeyReusedError extends Error {
  public readonly name = 'KeyReusedError';

  constructor() {
    super('the key was used for another payment');
  }
}

/** Someone is at work on the same thing at this moment. */
export class InProgressError extends Error {
  public readonly name = 'InProgressError';

  constructor() {
    super('the same is being worked on; ask again');
  }
}

/** The provider refused to charge. Nothing was taken, and nothing will be under this key. */
export class PaymentDeclinedError extends Error {
  public readonly name = 'PaymentDeclinedError';

  constructor() {
    super('the payment was declined');
  }
}

/** Nobody came back for the payment and it was never charged. The key is spent. */
export class PaymentAbandonedError extends Error {
  public readonly name = 'PaymentAbandonedError';

  constructor() {
    super('the payment was given up before it was charged; send it with a new key');
  }
}

/** The provider did not answer, or not in a way that tells what it did. The same key may be sent again. */
export class ProviderUnavailableError extends Error {
  public readonly name = 'ProviderUnavailableError';
}

/** The provider says one thing of a payment and the ledger another. Somebody must look: money may have to go back. */
export class LedgerMismatchError extends Error {
  public readonly name = 'LedgerMismatchError';
}

/** The signature of a webhook is not the provider's, or it is too old. */
export class ForgedWebhookError extends Error {
  public readonly name = 'ForgedWebhookError';
}

/** The message can't be a notice of settlement. */
export class InvalidSettlementError extends Error {
  public readonly name = 'InvalidSettlementError';
}

/** The notice names a payment that was never taken. */
export class UnknownPaymentError extends Error {
  public readonly name = 'UnknownPaymentError';
}

/** The notice came before the charge was booked. It will be, by the customer's repetition or the reconciliation. */
export class NotChargedYetError extends Error {
  public readonly name = 'NotChargedYetError';
}
