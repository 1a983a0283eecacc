import { aws_apigatewayv2 as apigwv2, aws_lambda as lambda, Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { GET, OPEN, Payments } from './app';
import { Access, Entrance, HttpEntrance, type HttpEntranceProps } from '../../src';

function build(props: Partial<HttpEntranceProps> = {}, stack = new Payments()): Payments {
  stack.entrance({ entrance: Entrance.functionUrl(), access: Access.iam(), ...props });
  return stack;
}

describe('alone', () => {
  test('is closed to all but IAM, and made after the alias it names', () => {
    build().template().hasResource('AWS::Lambda::Url', {
      Properties: { AuthType: 'AWS_IAM', InvokeMode: 'BUFFERED', Qualifier: 'live', Cors: Match.absent() },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('PayLive')]),
    });
  });

  test('is open with a reason, by both permissions that Lambda asks for', () => {
    const stack = build({ access: Access.publicBecause(OPEN) });
    stack.template().hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE' });
    stack.template().hasResourceProperties('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE', Principal: '*' });
    stack.template().hasResourceProperties('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true, Principal: '*' });
  });

  test('streams', () => {
    build({ streaming: true }).template().hasResourceProperties('AWS::Lambda::Url', { InvokeMode: 'RESPONSE_STREAM' });
  });

  test('answers preflight requests', () => {
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

  test('leaves OPTIONS out of the methods, which Lambda takes in no list', () => {
    const { OPTIONS: preflight, GET: get } = apigwv2.CorsHttpMethod;
    build({ cors: { allowOrigins: ['https://shop.example.com'], allowMethods: [preflight, get] } }).template().hasResourceProperties('AWS::Lambda::Url', { Cors: { AllowMethods: ['GET'] } });
  });

  test('one for each qualifier: the alias and the function itself', () => {
    const stack = build();
    new HttpEntrance(stack, 'Latest', { entrance: Entrance.functionUrl(), access: Access.iam(), routes: [{ path: '/', handler: stack.pay.definition }] });
    stack.template().resourceCountIs('AWS::Lambda::Url', 2);
  });

  test('routes may say again what the entrance says', () => {
    const stack = new Payments();
    build({ routes: [{ path: '/', handler: stack.pay, access: Access.iam() }] }, stack);
    stack.template().hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
  });

  test('takes a plain alias, too', () => {
    const stack = new Payments();
    const fn = new lambda.Function(stack, 'Plain', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('x') });
    build({ routes: [{ method: GET, path: '/', handler: fn.addAlias('blue') }] }, stack);
    stack.template().hasResourceProperties('AWS::Lambda::Url', { Qualifier: 'blue' });
  });
});

describe('behind CloudFront', () => {
  const props = ({ domain }: Payments) => ({ entrance: Entrance.functionUrl({ cloudFront: true }), access: Access.publicBecause(OPEN), domain });

  test('stays closed itself: the distribution signs, and only it may call', () => {
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

  test('nothing is kept, HTTPS only, TLS 1.2, every header but Host passed on', () => {
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

  test.each([[{}, 10], [{ timeout: Duration.seconds(119) }, 119]])('waits as long as the function may run: %j', (fn, OriginReadTimeout) => {
    const stack = new Payments(undefined, fn);
    build(props(stack), stack).template().hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: { Origins: [Match.objectLike({ CustomOriginConfig: Match.objectLike({ OriginReadTimeout }) })] },
    });
  });

  test('waits as long as it can for a function that is not known', () => {
    const stack = new Payments();
    const handler = lambda.Function.fromFunctionAttributes(stack, 'Imported', { functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:f', sameEnvironment: true });
    build({ ...props(stack), routes: [{ method: GET, path: '/', handler }] }, stack).template().hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: { Origins: [Match.objectLike({ CustomOriginConfig: Match.objectLike({ OriginReadTimeout: 120 }) })] },
    });
  });
});
