import { Proof } from './proof';

/** The function responds through its alias, and a failed asynchronous event is in the FailureQueue of the stack. */
export const proof = new Proof('ProductionFunction');
const pay = proof.function('Pay', "if (event.fail) throw new Error('as asked'); return { version: process.env.AWS_LAMBDA_FUNCTION_VERSION, level: process.env.AWS_LAMBDA_LOG_LEVEL };");

proof.answers(pay, {}, { version: '1', level: 'INFO' });
