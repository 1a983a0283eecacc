import { App, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { lostIn, stepFrom, type Template } from './step';
import { ProductionFunction } from '../../src';
import { REQUIRED } from '../support/plain-function';

const X86 = { ...REQUIRED, architecture: lambda.Architecture.X86_64 };
const DEPLOYMENTS = ['before', 'prepared', 'moved', 'done'] as const;
type Deployment = typeof DEPLOYMENTS[number];

/** Adds the routes of an API in a stack, and returns the ARN of its requests. */
type AddApi = (web: Stack, handler: lambda.IFunction) => string;

const APIS: Record<string, AddApi> = {
  'an HTTP API': (web, handler) => {
    const api = new apigwv2.HttpApi(web, 'Api');
    api.addRoutes({ path: '/payments', integration: new HttpLambdaIntegration('Pay', handler) });
    return api.arnForExecuteApi();
  },
  // The shape of a public app: one integration for all methods, behind an authorizer of a user pool.
  'a REST API': (web, handler) => {
    const api = new apigateway.RestApi(web, 'Api', { defaultCorsPreflightOptions: { allowOrigins: ['https://app.example.com'] } });
    const authorizer = new apigateway.CognitoUserPoolsAuthorizer(web, 'Authorizer', { cognitoUserPools: [new UserPool(web, 'Users')] });
    const payments = api.root.addResource('payments');
    const integration = new apigateway.LambdaIntegration(handler);
    for (const method of ['GET', 'POST', 'DELETE']) payments.addMethod(method, integration, { authorizer });
    return api.arnForExecuteApi();
  },
};

/** The stacks of docs/guides/adopting.md, "An API in another stack", in the order in which CDK deploys them. */
function synthesise(deployment: Deployment, addApi: AddApi): [functions: Template, web: Template] {
  const app = new App({ analyticsReporting: false });
  const [functions, web] = [new Stack(app, 'Functions'), new Stack(app, 'Web')];
  if (deployment === 'before') {
    addApi(web, new lambda.Function(functions, 'Pay', X86));
  } else {
    const pay = new ProductionFunction(functions, 'Pay', X86);
    const sourceArn = addApi(web, deployment === 'prepared' ? pay.definition : pay);
    if (deployment === 'moved') functions.exportValue(pay.definition.functionArn);
    if (deployment !== 'done') {
      new lambda.CfnPermission(web, 'HandOverPay', {
        action: 'lambda:InvokeFunction', functionName: pay.functionArn, principal: 'apigateway.amazonaws.com', sourceArn,
      });
    }
  }
  const assembly = app.synth();
  return [assembly.getStackByName('Functions').template, assembly.getStackByName('Web').template];
}

const exportsOf = (template: Template) => Object.values<any>(template.Outputs ?? {}).map(({ Export }) => String(Export.Name));
const importsOf = (template: Template) => [...JSON.stringify(template).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name);

describe.each(Object.keys(APIS))('%s in another stack', name => {
  const deployments = new Map<Deployment, [Template, Template]>();
  beforeAll(() => {
    for (const deployment of DEPLOYMENTS) deployments.set(deployment, synthesise(deployment, APIS[name]));
  });

  describe.each(DEPLOYMENTS.slice(1).map((deployment, i) => [deployment, DEPLOYMENTS[i]] as const))('deployment "%s" after "%s"', (to, from) => {
    test('removes no export that the deployed stack of the API imports', () => {
      const [functions] = deployments.get(to)!;
      const [, web] = deployments.get(from)!;
      expect(exportsOf(functions)).toEqual(expect.arrayContaining(importsOf(web)));
    });

    test('imports only values that the stack of the functions exports', () => {
      const [functions, web] = deployments.get(to)!;
      expect(importsOf(web).length).toBeGreaterThan(0);
      expect(exportsOf(functions)).toEqual(expect.arrayContaining(importsOf(web)));
    });

    test('replaces and removes nothing with data or traffic', () => {
      for (const i of [0, 1]) expect(lostIn(stepFrom(deployments.get(from)![i], deployments.get(to)![i]))).toEqual([]);
    });
  });

  test('the API may invoke the alias before its integration refers to it', () => {
    const ofTypes = (template: Template, types: RegExp) =>
      JSON.stringify(Object.values<any>(template.Resources).filter(({ Type }) => types.test(Type)));
    const [, prepared] = deployments.get('prepared')!;
    const [, moved] = deployments.get('moved')!;
    const alias = importsOf(moved).find(text => text.includes('PayLive'))!;
    const integrations = /^AWS::(ApiGatewayV2::Integration|ApiGateway::Method)$/;
    expect(ofTypes(prepared, /^AWS::Lambda::Permission$/)).toContain(alias);
    expect(ofTypes(prepared, integrations)).not.toContain(alias);
    expect(ofTypes(moved, integrations)).toContain(alias);
  });

  test('without the kept export, the second deployment would remove one that is in use', () => {
    const [functions] = deployments.get('done')!;
    const [, web] = deployments.get('prepared')!;
    expect([...new Set(importsOf(web))].filter(text => !exportsOf(functions).includes(text))).toEqual([expect.stringMatching(/FnGetAttPay\w+Arn/)]);
  });
});

test('a REST API serves the alias by a new deployment of its stage', () => {
  const [[, prepared], [, moved]] = (['prepared', 'moved'] as const).map(deployment => synthesise(deployment, APIS['a REST API']));
  const { added, changed } = stepFrom(prepared, moved);
  expect(added).toContain('AWS::ApiGateway::Deployment');
  expect(changed).toContainEqual(expect.stringMatching(/^AWS::ApiGateway::Stage \w+: DeploymentId$/));
});

describe('a function URL', () => {
  const template = (build: (stack: Stack) => void) => {
    const app = new App({ analyticsReporting: false });
    build(new Stack(app, 'Shop'));
    return app.synth().getStackByName('Shop').template;
  };
  const authType = lambda.FunctionUrlAuthType.NONE;
  const before = template(stack => new lambda.Function(stack, 'Hook', X86).addFunctionUrl({ authType }));

  test('keeps its address on the definition', () => {
    const after = template(stack => new ProductionFunction(stack, 'Hook', X86).definition.addFunctionUrl({ authType }));
    expect(lostIn(stepFrom(before, after))).toEqual([]);
  });

  test('gets another address on the alias', () => {
    const after = template(stack => new ProductionFunction(stack, 'Hook', X86).addFunctionUrl({ authType }));
    expect(lostIn(stepFrom(before, after))).toEqual([expect.stringMatching(/^AWS::Lambda::Url HookFunctionUrl/)]);
  });
});
