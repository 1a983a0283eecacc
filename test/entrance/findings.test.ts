import { App, aws_apigatewayv2 as apigwv2, aws_cognito as cognito, aws_route53 as route53, aws_s3 as s3, aws_wafv2 as wafv2 } from 'aws-cdk-lib';
import { ENTRANCES, GET, OPEN, Payments, POST } from './app';
import { Access, HttpEntrance, type HttpEntranceProps } from '../../src';
import { findingsOf } from '../support/findings';

const STRICT = { '@aws-cdk/core:validateAgainstDefaultRules': true, '@aws-cdk/core:strictCfnValidateErrors': true };

/** All options of each entrance. */
const EVERYTHING: Record<string, (stack: Payments) => Partial<HttpEntranceProps>> = {
  httpApi: stack => ({ access: Access.jwt({ issuer: 'https://login.example.com', audience: ['a'] }), domain: withTruststore(stack), cors: cors() }),
  restApi: stack => ({ access: pool(stack), domain: withTruststore(stack), cors: cors(), webAclArn: webAcl(stack), streaming: true }),
  functionUrl: () => ({ access: Access.iam(), cors: cors(), streaming: true }),
  cloudFront: stack => ({ access: Access.unauthenticated({ reason: OPEN }), webAclArn: webAcl(stack), cors: cors() }),
  loadBalancer: stack => ({ access: pool(stack), domain: withTruststore(stack), webAclArn: webAcl(stack) }),
};

describe.each(Object.keys(ENTRANCES))('strict validation and both packs of cdk-nag with %s', kind => {
  test.each([
    ['with defaults', (stack: Payments) => ({ access: Access.unauthenticated({ reason: OPEN }), ...ENTRANCES[kind](stack) }) as Pick<HttpEntranceProps, 'access'>],
    ['with all options', (stack: Payments) => ({ ...ENTRANCES[kind](stack), ...EVERYTHING[kind](stack) } as Pick<HttpEntranceProps, 'access'>)],
  ] as const)('find nothing %s', (_, props) => {
    const findings = findingsOf(appProps => {
      const app = new App(appProps);
      const stack = new Payments(app, { reservedConcurrentExecutions: 50 });
      new HttpEntrance(stack, 'Api', {
        routes: [{ method: POST, path: '/payments', function: stack.pay }, { method: GET, path: '/payments/{id}', function: stack.pay }],
        ...props(stack),
      });
      return app;
    }, STRICT);
    expect(findings.open.filter(({ path }) => path.includes('/Api') || path.includes('/ProductionLambda'))).toEqual([]);
  });
});

test('strict validation finds an error in a template', () => {
  const findings = findingsOf(appProps => {
    const app = new App(appProps);
    const stack = new Payments(app);
    const api = stack.entrance();
    (api.httpApi!.node.defaultChild as apigwv2.CfnApi).addPropertyOverride('Gopher', true);
    return app;
  }, STRICT);
  expect(findings.open.map(({ path }) => path)).toContain('Payments/Api/Api/Resource');
});

function pool(stack: Payments): Access {
  const userPool = cognito.UserPool.fromUserPoolId(stack, 'Pool', 'us-east-1_abcdefghi');
  return Access.userPool(userPool, [cognito.UserPoolClient.fromUserPoolClientId(stack, 'Client', '1h57kf5cpq17m0eml12EXAMPLE')]);
}

function webAcl(stack: Payments): string {
  return new wafv2.CfnWebACL(stack, 'WebAcl', {
    scope: 'REGIONAL', defaultAction: { allow: {} }, visibilityConfig: { cloudWatchMetricsEnabled: true, metricName: 'acl', sampledRequestsEnabled: true },
  }).attrArn;
}

function withTruststore(stack: Payments): HttpEntranceProps['domain'] {
  const bucket = s3.Bucket.fromBucketName(stack, 'Truststores', 'truststores');
  const hostedZone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
  return { ...stack.domain, hostedZone, mutualTls: { bucket, key: 'partners.pem', version: '1' } };
}

function cors(): HttpEntranceProps['cors'] {
  return { allowOrigins: ['https://shop.example.com', 'https://admin.example.com'], allowCredentials: true };
}
