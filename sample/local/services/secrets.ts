import { randomBytes } from 'node:crypto';
import { type AwsAnswer, awsError, type AwsService, ok } from '../../../testing/src';

/** AWS Secrets Manager: the values that this machine gave to the secrets of the template, by ARN or name. */
export class Secrets implements AwsService {
  public readonly name = 'SecretsManager';
  public readonly target = /^secretsmanager$/;

  constructor(private readonly values: Record<string, string> = {}) {}

  /** Gives a secret a new value. */
  public issue(id: string): void {
    this.values[id] = randomBytes(16).toString('hex');
  }

  /** A rotation of all: no value of before is valid any more. */
  public rotate(): void {
    for (const id of Object.keys(this.values)) this.issue(id);
  }

  public valueOf(secretId: string): string {
    return this.values[secretId.split(':').pop()!];
  }

  public about(_operation: string, input: any): string {
    return String(input.SecretId).split(':').pop()!;
  }

  public async call(operation: string, { SecretId }: any): Promise<AwsAnswer> {
    if (operation !== 'GetSecretValue') return awsError('InvalidRequestException', `Secrets Manager on this machine has no ${operation}`);
    const SecretString = this.valueOf(String(SecretId));
    if (SecretString === undefined) return awsError('ResourceNotFoundException', `there is no secret ${SecretId}`);
    return ok({ ARN: SecretId, Name: SecretId, VersionId: '1', SecretString });
  }
}

/** AWS Systems Manager Parameter Store, to read from. */
export class Parameters implements AwsService {
  public readonly name = 'SSM';
  public readonly target = /^AmazonSSM$/;

  constructor(private readonly values: Record<string, string>) {}

  public about(_operation: string, input: any): string {
    return String(input.Name ?? input.Names);
  }

  public async call(operation: string, input: any): Promise<AwsAnswer> {
    const names: string[] = input.Names ?? [input.Name];
    const found = names.filter(name => name in this.values).map(Name => ({ Name, Type: 'String', Value: this.values[Name], Version: 1 }));
    if (operation === 'GetParameters') return ok({ Parameters: found, InvalidParameters: names.filter(name => !(name in this.values)) });
    if (operation !== 'GetParameter') return awsError('InvalidAction', `Parameter Store on this machine has no ${operation}`);
    return found.length === 1 ? ok({ Parameter: found[0] }) : awsError('ParameterNotFound', `there is no parameter ${input.Name}`);
  }
}
