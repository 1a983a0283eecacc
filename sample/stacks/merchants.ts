import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { Access } from '../../src';

const API = 'payments';
/** What a token must carry, by what it is for. */
export const SCOPES = { pay: `${API}/pay`, look: `${API}/look` };

/**
 * Who may take payments: merchants' servers, each a client of one user pool with a secret of its own, that fetch a token with
 * it. There are no people and no passwords in this pool.
 */
export class Merchants extends Construct {
  public readonly pool: cognito.UserPool;
  /** The first merchant. More are more clients. */
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
    // Nobody else in the region may have the same name, in any account.
    const domainPrefix = `payments-${Stack.of(this).account}-${this.node.addr.slice(-8)}`;
    const domain = pool.addDomain('Domain', { cognitoDomain: { domainPrefix } });
    this.tokenUrl = `${domain.baseUrl()}/oauth2/token`;
    this.access = Access.userPool(pool, [this.client]);
  }
}
