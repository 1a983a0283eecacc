import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { ephemeralStackName, STACK_ID_MAX_LENGTH } from './ephemeral-stack-name';
import type { EphemeralStackProps } from './ephemeral-stack-props';
import { STACK_NAME } from '../aws';
import { refuse } from '../private/validation';

/** Throws an error if the stack cannot be named, or if something would prevent that the stack is deleted completely. */
export function validateEphemeralStackProps(path: string, id: string, props: EphemeralStackProps): void {
  const { branch, developer, stackName, settings, terminationProtection } = props;
  if ((branch === undefined) === (developer === undefined)) {
    refuse(path, `one of 'branch' and 'developer' must be set, got ${branch === undefined ? 'none' : 'both'}; `
      + 'set the one that the stack belongs to');
  }
  const [prop, value] = branch === undefined ? ['developer', developer!] : ['branch', branch];
  if (value === '' || Token.isUnresolved(value)) {
    refuse(path, `'${prop}' must be a literal of at least one character, `
      + `got ${value === '' ? 'an empty string' : 'a token'}; the stack name contains it`);
  }
  if (stackName !== undefined) {
    refuse(path, `'stackName' must not be set, got '${stackName}'; `
      + 'leave it out, the name is built from the id and the branch or developer');
  }
  const { removalPolicy = RemovalPolicy.DESTROY } = settings ?? {};
  if (removalPolicy !== RemovalPolicy.DESTROY) {
    refuse(path, `'settings.removalPolicy' must be destroy, got ${removalPolicy}, `
      + 'and resources would outlive the stack; leave it out, or use a Stack with a Profile');
  }
  if (terminationProtection) {
    refuse(path, "'terminationProtection' must not be true, got true, and the stack could not be deleted; "
      + 'leave it out');
  }
  const name = ephemeralStackName(id, value);
  if (name.length > STACK_NAME.maxLength || !STACK_NAME.pattern.test(name)) {
    refuse(path, 'the id must begin with a letter, contain only letters, '
      + `digits and hyphens and have at most ${STACK_ID_MAX_LENGTH} characters, got '${id}'; rename it`);
  }
}
