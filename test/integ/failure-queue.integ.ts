import { Proof } from './proof';
import { FailureQueue } from '../../src';

/** A failed event is sent to the queue that the functions of the stack share. */
export const proof = new Proof('FailureQueue');
const fails = proof.function('Fails', "throw new Error('as asked');", { retryAttempts: 0 });

proof.sends(fails, { order: 1 }).next(proof.receives(FailureQueue.getOrCreate(proof.stack)));
