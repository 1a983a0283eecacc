import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Proof } from './proof';
import { LeastPrivilegeRole } from '../../src';

/** A function with the role may call the granted action, and is denied another one. */
export const proof = new Proof('LeastPrivilegeRole');
const role = new LeastPrivilegeRole(proof.stack, 'Role');
const ask = `
  const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
  const { LambdaClient, ListFunctionsCommand } = require('@aws-sdk/client-lambda');
  const identity = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  const listed = await new LambdaClient({}).send(new ListFunctionsCommand({})).then(() => 'listed', error => error.name);
  return { known: identity.Account !== undefined, listed };`;
const fn = proof.function('Ask', ask, { role });

proof.answers(fn as lambda.IFunction, {}, { known: true, listed: 'AccessDeniedException' });
