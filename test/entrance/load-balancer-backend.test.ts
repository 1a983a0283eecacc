import { aws_cognito as cognito, aws_lambda as lambda, aws_s3 as s3, Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { ANY, GET, JWT, OPEN, Payments, POST } from './app';
import { Access, Entrance, type EntranceRoute, type HttpEntranceProps, type LoadBalancerEntranceOptions } from '../../src';

function build(props: Partial<HttpEntranceProps> = {}, options: Partial<LoadBalancerEntranceOptions> = {}, stack = new Payments()): Payments {
  const entrance = Entrance.loadBalancer({ vpc: stack.vpc(), ...options });
  stack.entrance({ entrance, access: Access.unauthenticated({ reason: OPEN }), domain: stack.domain, ...props });
  return stack;
}

function attribute(stack: Payments, key: string): string | undefined {
  const { Properties } = Object.values<any>(stack.template().findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'))[0];
  return Properties.LoadBalancerAttributes.find((each: any) => each.Key === key)?.Value;
}

function rulesOf(routes: (stack: Payments) => EntranceRoute[]): string[] {
  const stack = new Payments();
  build({ routes: routes(stack) }, {}, stack);
  const rules = Object.values<any>(stack.template().findResources('AWS::ElasticLoadBalancingV2::ListenerRule')).map(({ Properties }) => Properties);
  return rules.sort((a, b) => a.Priority - b.Priority).map(({ Conditions: [path, method] }) =>
    `${method?.HttpRequestMethodConfig.Values[0] ?? 'ANY'} ${path.PathPatternConfig.Values[0]}`);
}

describe('by default', () => {
  test('has HTTPS with TLS 1.2, a redirect from HTTP, and 404 in the format of the other errors', () => {
    const template = build().template();
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: Match.stringLikeRegexp('TLS13-1-2'),
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404', ContentType: 'application/json', MessageBody: '{"message":"Not Found","code":"NOT_FOUND"}' } }],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 80, DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }] });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' });
  });

  test('has an access log in a bucket to which it may write, and drops invalid headers', () => {
    const stack = build();
    expect(attribute(stack, 'access_logs.s3.enabled')).toBe('true');
    expect(attribute(stack, 'routing.http.drop_invalid_header_fields.enabled')).toBe('true');
    stack.template().hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({ Action: 's3:PutObject', Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }),
        ]),
      },
    });
  });

  test('has a target group with all values of a header, and without health checks, which are billed invocations', () => {
    build().template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetType: 'lambda',
      HealthCheckEnabled: false,
      TargetGroupAttributes: [{ Key: 'lambda.multi_value_headers.enabled', Value: 'true' }],
      Targets: [{ Id: { Ref: Match.stringLikeRegexp('PayLive') } }],
    });
  });

  test('has a permission for this target group of this account, created before the target group', () => {
    const stack = build();
    const [group] = Object.values<any>(stack.template().findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
    const [[id, permission]] = Object.entries<any>(stack.template().findResources('AWS::Lambda::Permission'));
    expect(permission.Properties).toMatchObject({ Principal: 'elasticloadbalancing.amazonaws.com', SourceAccount: '111122223333' });
    expect(JSON.stringify(permission.Properties.SourceArn)).toContain(`:targetgroup/${group.Properties.Name}/*`);
    expect(group.Properties.Name).toMatch(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/);
    expect(group.DependsOn).toEqual([id]);
  });
});

describe('options', () => {
  test('internal: reached from the VPC only', () => {
    const stack = build({}, { internal: true });
    stack.template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
    stack.template().hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [
        Match.objectLike({ FromPort: 443, CidrIp: { 'Fn::GetAtt': [Match.stringLikeRegexp('Vpc'), 'CidrBlock'] } }),
        Match.objectLike({ FromPort: 80, CidrIp: { 'Fn::GetAtt': [Match.stringLikeRegexp('Vpc'), 'CidrBlock'] } }),
      ],
    });
  });

  test('healthCheckPath: invoked every minute', () => {
    build({}, { healthCheckPath: '/health' }).template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      HealthCheckEnabled: true, HealthCheckPath: '/health', HealthCheckIntervalSeconds: 60,
    });
  });

  test('webAclArn is attached to the load balancer', () => {
    build({ webAclArn: 'arn:acl' }).template().hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: 'arn:acl', ResourceArn: { Ref: Match.stringLikeRegexp('LoadBalancer') } });
  });

  test('mutualTls: validated by the listener', () => {
    const stack = new Payments();
    const bucket = s3.Bucket.fromBucketName(stack, 'Truststores', 'truststores');
    build({ domain: { ...stack.domain, mutualTls: { bucket, key: 'partners.pem' } } }, {}, stack);
    stack.template().hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { MutualAuthentication: { Mode: 'verify', TrustStoreArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('TrustStore'), 'TrustStoreArn'] } } });
    stack.template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TrustStore', { CaCertificatesBundleS3Key: 'partners.pem' });
  });
});

test.each([[{}, '60'], [{ timeout: Duration.minutes(10) }, '601']])('has an idle timeout longer than the function can run: %j', (fn, seconds) => {
  expect(attribute(build({}, {}, new Payments(undefined, fn)), 'idle_timeout.timeout_seconds')).toBe(seconds);
});

test('has an idle timeout longer than an override lets the function run, also one that is set later', () => {
  const stack = build();
  (stack.pay.definition.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Timeout', 300);
  expect(attribute(stack, 'idle_timeout.timeout_seconds')).toBe('301');
});

test('the most specific rule has the highest priority, in any order of the routes', () => {
  expect(rulesOf(({ pay }) => [
    { path: '/{proxy+}', function: pay },
    { method: GET, path: '/payments/{id}', function: pay },
    { method: ANY, path: '/payments', function: pay },
    { method: GET, path: '/payments/{id}/refunds', function: pay },
    { method: POST, path: '/payments', function: pay },
    { method: GET, path: '/payments/latest', function: pay },
    { method: GET, path: '/', function: pay },
    { method: GET, path: '/accounts', function: pay },
  ])).toEqual([
    'GET /payments/latest', 'GET /payments/*/refunds', 'GET /payments/*', 'GET /', 'GET /accounts', 'POST /payments', 'ANY /payments', 'ANY /*',
  ]);
});

describe('access', () => {
  test('by JWT: validated by the rule before it forwards, with outbound traffic to the keys', () => {
    const stack = build({ access: Access.jwt({ ...JWT, issuer: 'https://login.example.com/' }) });
    stack.template().hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Actions: [
        {
          Type: 'jwt-validation',
          Order: 1,
          JwtValidationConfig: {
            Issuer: 'https://login.example.com/',
            JwksEndpoint: 'https://login.example.com/.well-known/jwks.json',
            AdditionalClaims: [{ Name: 'aud', Format: 'single-string', Values: ['payments'] }],
          },
        },
        { Type: 'forward', Order: 2, TargetGroupArn: Match.anyValue() },
      ],
    });
    stack.template().hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupEgress: [Match.objectLike({ FromPort: 443, CidrIp: '0.0.0.0/0' })] });
  });

  test('by JWT with another URL of the keys', () => {
    build({ access: Access.jwt({ ...JWT, jwksEndpoint: 'https://keys.example.com/jwks' }) }).template().hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Actions: Match.arrayWith([Match.objectLike({ JwtValidationConfig: Match.objectLike({ JwksEndpoint: 'https://keys.example.com/jwks' }) })]),
    });
  });

  test('by user pool: validates the client of the token', () => {
    const stack = new Payments();
    const pool = new cognito.UserPool(stack, 'Pool');
    build({ access: Access.userPool(pool, [pool.addClient('App')]) }, {}, stack).template().hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Actions: Match.arrayWith([Match.objectLike({
        JwtValidationConfig: Match.objectLike({
          AdditionalClaims: [{ Name: 'client_id', Format: 'single-string', Values: [{ Ref: Match.stringLikeRegexp('PoolApp') }] }],
        }),
      })]),
    });
  });
});
