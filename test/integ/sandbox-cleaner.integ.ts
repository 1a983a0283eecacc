import { ExpectedResult, Match } from '@aws-cdk/integ-tests-alpha';
import { Proof } from './proof';
import { SandboxCleaner } from '../../src';

/** The role is enough to list the stacks of the account, and a dry run ends with a list instead of an error. */
export const proof = new Proof('SandboxCleaner');
const { function: cleaner } = new SandboxCleaner(proof.stack, 'Cleaner');
const run = proof.test.assertions.awsApiCall('Lambda', 'invoke', { FunctionName: cleaner.functionArn, InvocationType: 'RequestResponse' });
run.provider.addToRolePolicy({ Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [cleaner.functionArn] });
run.expect(ExpectedResult.objectLike({ StatusCode: 200, Payload: Match.stringLikeRegexp('^\\[') }));
