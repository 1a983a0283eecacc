import { Proof } from './proof';

/** It answers through its alias, and what fails asynchronously is in the FailureQueue of the stack. */
export const proof = new Proof('ProductionFunction');
const pay = proof.function('Pay', "if (event.fail) throw new Error('as asked'); return { version: process.env.AWS_LAMBDA_FUNCTION_VERSION, level: process.env.AWS_LAMBDA_LOG_LEVEL };");

proof.answers(pay, {}, { version: '1', level: 'INFO' });
