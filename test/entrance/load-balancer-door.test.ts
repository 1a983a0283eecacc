import { aws_cognito as cognito, aws_s3 as s3, Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { ANY, GET, JWT, OPEN, Payments, POST } from './app';
import { Access, Entrance, type EntranceRoute, type HttpEntranceProps, type LoadBalancerEntranceOptions } from '../../src';

function build(props: Partial<HttpEntranceProps> = {}, options: Partial<LoadBalancerEntranceOptions> = {}, stack = new Payments()): Payments {
  const entrance = Entrance.loadBalancer({ vpc: stack.vpc(), ...options });
  stack.entrance({ entrance, access: Access.publicBecause(OPEN), domain: stack.domain, ...props });
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
  test('HTTPS at TLS 1.2, HTTP redirected, 404 in the shape of the other errors', () => {
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

  test('an access log in a bucket that it may write to, invalid headers dropped', () => {
    const stack = build();
    expect(attribute(stack, 'access_logs.s3.enabled')).toBe('true');
    expect(attribute(stack, 'routing.http.drop_invalid_header_fields.enabled')).toBe('true');
    stack.template().hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({ Action: 's3:PutObject', Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' } }),
        ]),
      },
    });
  });

  test('a target group that keeps all values of a header and is never checked, for a check is a paid request', () => {
    build().template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetType: 'lambda',
      HealthCheckEnabled: false,
      TargetGroupAttributes: [{ Key: 'lambda.multi_value_headers.enabled', Value: 'true' }],
      Targets: [{ Id: { Ref: Match.stringLikeRegexp('PayLive') } }],
    });
  });

  test('a permission for this target group of this account, made before the group', () => {
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
  test('internal: from the VPC only', () => {
    const stack = build({}, { internal: true });
    stack.template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
    stack.template().hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [
        Match.objectLike({ FromPort: 443, CidrIp: { 'Fn::GetAtt': [Match.stringLikeRegexp('Vpc'), 'CidrBlock'] } }),
        Match.objectLike({ FromPort: 80, CidrIp: { 'Fn::GetAtt': [Match.stringLikeRegexp('Vpc'), 'CidrBlock'] } }),
      ],
    });
  });

  test('healthCheckPath: asked every minute', () => {
    build({}, { healthCheckPath: '/health' }).template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      HealthCheckEnabled: true, HealthCheckPath: '/health', HealthCheckIntervalSeconds: 60,
    });
  });

  test('webAclArn is attached to the load balancer', () => {
    build({ webAclArn: 'arn:acl' }).template().hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: 'arn:acl', ResourceArn: { Ref: Match.stringLikeRegexp('LoadBalancer') } });
  });

  test('mutualTls: verified by the listener', () => {
    const stack = new Payments();
    const bucket = s3.Bucket.fromBucketName(stack, 'Truststores', 'truststores');
    build({ domain: { ...stack.domain, mutualTls: { bucket, key: 'partners.pem' } } }, {}, stack);
    stack.template().hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { MutualAuthentication: { Mode: 'verify', TrustStoreArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('TrustStore'), 'TrustStoreArn'] } } });
    stack.template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TrustStore', { CaCertificatesBundleS3Key: 'partners.pem' });
  });
});

test.each([[{}, '60'], [{ timeout: Duration.minutes(10) }, '601']])('keeps a connection at least as long as the function may run: %j', (fn, seconds) => {
  expect(attribute(build({}, {}, new Payments(undefined, fn)), 'idle_timeout.timeout_seconds')).toBe(seconds);
});

test('the most specific rule comes first, whatever the order of the routes', () => {
  expect(rulesOf(({ pay: handler }) => [
    { path: '/{proxy+}', handler },
    { method: GET, path: '/payments/{id}', handler },
    { method: ANY, path: '/payments', handler },
    { method: GET, path: '/payments/{id}/refunds', handler },
    { method: POST, path: '/payments', handler },
    { method: GET, path: '/payments/latest', handler },
    { method: GET, path: '/', handler },
    { method: GET, path: '/accounts', handler },
  ])).toEqual([
    'GET /payments/latest', 'GET /payments/*/refunds', 'GET /payments/*', 'GET /', 'GET /accounts', 'POST /payments', 'ANY /payments', 'ANY /*',
  ]);
});

describe('access', () => {
  test('by JWT: verified by the rule before it forwards, with a way to the keys', () => {
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

  test('by JWT with keys elsewhere', () => {
    build({ access: Access.jwt({ ...JWT, jwksEndpoint: 'https://keys.example.com/jwks' }) }).template().hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Actions: Match.arrayWith([Match.objectLike({ JwtValidationConfig: Match.objectLike({ JwksEndpoint: 'https://keys.example.com/jwks' }) })]),
    });
  });

  test('by user pool: the client that the token was issued to', () => {
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
