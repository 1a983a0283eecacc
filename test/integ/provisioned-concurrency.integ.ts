import { Proof } from './proof';
import { ColdStart } from '../../src';

/** One environment of the alias is provisioned, and responds. */
export const proof = new Proof('ProvisionedConcurrency');
const warm = proof.function('Warm', 'return process.env.AWS_LAMBDA_INITIALIZATION_TYPE;', { coldStart: ColdStart.provisioned({ min: 1, max: 2 }) });

proof.becomes(
  'Lambda', 'getProvisionedConcurrencyConfig', { FunctionName: warm.definition.functionName, Qualifier: warm.live.aliasName },
  'lambda:GetProvisionedConcurrencyConfig', [`${warm.definition.functionArn}:*`], { Status: 'READY' },
).next(proof.answers(warm, {}, 'provisioned-concurrency'));
