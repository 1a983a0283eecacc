import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Proof } from './proof';

/** A function reads the secret in its props, and is denied another secret. */
export const proof = new Proof('Secrets');
const [given, other] = ['Given', 'Other'].map(id => new secretsmanager.Secret(proof.stack, id));
const read = `
  const { SecretsManagerClient, GetSecretValueCommand } = require('@aws-sdk/client-secrets-manager');
  const read = SecretId => new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId })).then(() => 'read', error => error.name);
  return { given: await read(process.env.API_KEY_ARN), other: await read(event.other) };`;
const fn = proof.function('Read', read, { secrets: { API_KEY_ARN: given } });

proof.answers(fn, { other: other.secretArn }, { given: 'read', other: 'AccessDeniedException' });
