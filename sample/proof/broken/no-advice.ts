import type { Answer } from '../../http/multi-value-headers';
import { payHandler, payParts } from '../../service/pay';
import type { LambdaHandler } from 'cdk-production-lambda-runtime';

const whole = payHandler(payParts());

/** The paying function that does not advise a customer to repeat a payment whose charge may have been made. */
export const handler: LambdaHandler<unknown, Answer> = async (event, context) => {
  const answer = await whole(event, context) as { statusCode: number; body: string };
  const isSilent = JSON.parse(answer.body).code === 'NOT_FINISHED';
  return (isSilent ? { ...answer, statusCode: 500, body: JSON.stringify({ message: 'Internal Server Error', code: 'INTERNAL_ERROR' }) } : answer) as Answer;
};
