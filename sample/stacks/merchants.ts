import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { Access } from '../../src';

const API = 'payments';
/** The scopes that a token needs. */
export const SCOPES = { pay: `${API}/pay`, look: `${API}/look` };

/**
 * The callers that may take payments: merchants' servers. Each is a client of one user pool and requests a token with its own
 * secret. The pool has no users and no passwords.
 */
export class Merchants extends Construct {
  public readonly pool: cognito.UserPool;
  /** The first merchant. Each further merchant is a further client. */
  public readonly client: cognito.UserPoolClient;
  public readonly access: Access;
  public readonly tokenUrl: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const pool = this.pool = new cognito.UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      passwordPolicy: { minLength: 16, requireDigits: true, requireLowercase: true, requireSymbols: true, requireUppercase: true },
    });
    for (const rule of ['COG2', 'COG8']) {
      Validations.of(pool).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason: 'the pool has no people: servers fetch tokens with a client secret' });
    }
    const [pay, look] = [SCOPES.pay, SCOPES.look]
      .map(name => new cognito.ResourceServerScope({ scopeName: name.split('/')[1], scopeDescription: name }));
    const server = pool.addResourceServer('Api', { identifier: API, scopes: [pay, look] });
    this.client = pool.addClient('Merchant', {
      generateSecret: true,
      accessTokenValidity: Duration.minutes(15),
      oAuth: { flows: { clientCredentials: true }, scopes: [pay, look].map(each => cognito.OAuthScope.resourceServer(server, each)) },
    });
    // The name must be unique in the region across all accounts.
    const domainPrefix = `payments-${Stack.of(this).account}-${this.node.addr.slice(-8)}`;
    const domain = pool.addDomain('Domain', { cognitoDomain: { domainPrefix } });
    this.tokenUrl = `${domain.baseUrl()}/oauth2/token`;
    this.access = Access.userPool(pool, [this.client]);
  }
}
