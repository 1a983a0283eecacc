import { aws_apigatewayv2 as apigwv2, aws_lambda as lambda, Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { GET, OPEN, Payments } from './app';
import { Access, Entrance, HttpEntrance, type HttpEntranceProps } from '../../src';

function build(props: Partial<HttpEntranceProps> = {}, stack = new Payments()): Payments {
  stack.entrance({ entrance: Entrance.functionUrl(), access: Access.iam(), ...props });
  return stack;
}

describe('alone', () => {
  test('has access by IAM, and depends on its alias', () => {
    build().template().hasResource('AWS::Lambda::Url', {
      Properties: { AuthType: 'AWS_IAM', InvokeMode: 'BUFFERED', Qualifier: 'live', Cors: Match.absent() },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('PayLive')]),
    });
  });

  test('is open with a reason, by the two permissions that Lambda requires', () => {
    const stack = build({ access: Access.unauthenticated({ reason: OPEN }) });
    stack.template().hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE' });
    stack.template().hasResourceProperties('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE', Principal: '*' });
    stack.template().hasResourceProperties('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true, Principal: '*' });
  });

  test('streams responses', () => {
    build({ streaming: true }).template().hasResourceProperties('AWS::Lambda::Url', { InvokeMode: 'RESPONSE_STREAM' });
  });

  test('responds to preflight requests', () => {
    build({ cors: { allowOrigins: ['https://shop.example.com'], exposeHeaders: ['ETag'], allowCredentials: true, maxAge: Duration.hours(1) } }).template()
      .hasResourceProperties('AWS::Lambda::Url', {
        Cors: {
          AllowOrigins: ['https://shop.example.com'],
          AllowMethods: ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'],
          AllowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key'],
          ExposeHeaders: ['ETag'],
          AllowCredentials: true,
          MaxAge: 3_600,
        },
      });
  });

  test('omits OPTIONS from the methods, because Lambda rejects it', () => {
    const { OPTIONS: preflight, GET: get } = apigwv2.CorsHttpMethod;
    build({ cors: { allowOrigins: ['https://shop.example.com'], allowMethods: [preflight, get] } }).template().hasResourceProperties('AWS::Lambda::Url', { Cors: { AllowMethods: ['GET'] } });
  });

  test('can be created for the alias and for the function', () => {
    const stack = build();
    new HttpEntrance(stack, 'Latest', { entrance: Entrance.functionUrl(), access: Access.iam(), routes: [{ path: '/', function: stack.pay.definition }] });
    stack.template().resourceCountIs('AWS::Lambda::Url', 2);
  });

  test('accepts a route with the same access as the entrance', () => {
    const stack = new Payments();
    build({ routes: [{ path: '/', function: stack.pay, access: Access.iam() }] }, stack);
    stack.template().hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
  });

  test('accepts a plain alias', () => {
    const stack = new Payments();
    const fn = new lambda.Function(stack, 'Plain', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('x') });
    build({ routes: [{ method: GET, path: '/', function: fn.addAlias('blue') }] }, stack);
    stack.template().hasResourceProperties('AWS::Lambda::Url', { Qualifier: 'blue' });
  });
});

describe('behind CloudFront', () => {
  const access = Access.unauthenticated({ reason: OPEN });
  const props = ({ domain }: Payments) => ({ entrance: Entrance.functionUrl({ cloudFront: true }), access, domain });

  test('only the distribution may call the URL: it signs the requests', () => {
    const stack = new Payments();
    const { distribution, functionUrl } = stack.entrance(props(stack));
    expect([distribution, functionUrl]).not.toContain(undefined);
    const template = stack.template();
    template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
    template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', { OriginAccessControlConfig: { OriginAccessControlOriginType: 'lambda', SigningBehavior: 'always' } });
    for (const Action of ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction']) {
      template.hasResourceProperties('AWS::Lambda::Permission', { Action, Principal: 'cloudfront.amazonaws.com', SourceArn: Match.anyValue() });
    }
  });

  test('caches nothing, accepts only HTTPS with TLS 1.2, and forwards every header except Host', () => {
    const stack = new Payments();
    build({ ...props(stack), webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b' }, stack).template().hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Aliases: ['api.example.com'],
        WebACLId: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b',
        ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021' },
        Logging: Match.anyValue(),
        DefaultCacheBehavior: {
          ViewerProtocolPolicy: 'https-only',
          CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad', // CachingDisabled
          OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac', // AllViewerExceptHostHeader
        },
      },
    });
  });

  test.each([[{}, 10], [{ timeout: Duration.seconds(119) }, 119]])('waits as long as the function can run: %j', (fn, OriginReadTimeout) => {
    const stack = new Payments(undefined, fn);
    build(props(stack), stack).template().hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: { Origins: [Match.objectLike({ CustomOriginConfig: Match.objectLike({ OriginReadTimeout }) })] },
    });
  });

  test('waits as long as an override that is set later lets the function run', () => {
    const stack = new Payments();
    build(props(stack), stack);
    (stack.pay.definition.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Timeout', 100);
    stack.template().hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: { Origins: [Match.objectLike({ CustomOriginConfig: Match.objectLike({ OriginReadTimeout: 100 }) })] },
    });
  });

  test('waits as long as CloudFront can for an imported function', () => {
    const stack = new Payments();
    const fn = lambda.Function.fromFunctionAttributes(stack, 'Imported', { functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:f', sameEnvironment: true });
    build({ ...props(stack), routes: [{ method: GET, path: '/', function: fn }] }, stack).template().hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: { Origins: [Match.objectLike({ CustomOriginConfig: Match.objectLike({ OriginReadTimeout: 120 }) })] },
    });
  });
});
