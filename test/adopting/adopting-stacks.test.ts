import { App, Stack } from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { lostIn, stepFrom, type Template } from './step';
import { ProductionFunction } from '../../src';
import { REQUIRED } from '../support/plain-function';

const X86 = { ...REQUIRED, architecture: lambda.Architecture.X86_64 };
const DEPLOYMENTS = ['before', 'prepared', 'moved', 'done'] as const;
type Deployment = typeof DEPLOYMENTS[number];

/** The stacks of docs/guides/adopting.md, "An API in another stack", in the order in which CDK deploys them. */
function synthesise(deployment: Deployment): [functions: Template, web: Template] {
  const app = new App({ analyticsReporting: false });
  const [functions, web] = [new Stack(app, 'Functions'), new Stack(app, 'Web')];
  const api = new apigwv2.HttpApi(web, 'Api');
  const addRoute = (handler: lambda.IFunction) => api.addRoutes({ path: '/payments', integration: new HttpLambdaIntegration('Pay', handler) });
  if (deployment === 'before') {
    addRoute(new lambda.Function(functions, 'Pay', X86));
  } else {
    const pay = new ProductionFunction(functions, 'Pay', X86);
    addRoute(deployment === 'prepared' ? pay.definition : pay);
    if (deployment === 'moved') functions.exportValue(pay.definition.functionArn);
    if (deployment !== 'done') {
      new lambda.CfnPermission(web, 'HandOverPay', {
        action: 'lambda:InvokeFunction', functionName: pay.functionArn, principal: 'apigateway.amazonaws.com', sourceArn: api.arnForExecuteApi(),
      });
    }
  }
  const assembly = app.synth();
  return [assembly.getStackByName('Functions').template, assembly.getStackByName('Web').template];
}

const exportsOf = (template: Template) => Object.values<any>(template.Outputs ?? {}).map(({ Export }) => String(Export.Name));
const importsOf = (template: Template) => [...JSON.stringify(template).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name);
const deployments = new Map<Deployment, [Template, Template]>();
beforeAll(() => {
  for (const deployment of DEPLOYMENTS) deployments.set(deployment, synthesise(deployment));
});

describe.each(DEPLOYMENTS.slice(1).map((deployment, i) => [deployment, DEPLOYMENTS[i]] as const))('deployment "%s" after "%s", with the API in another stack', (to, from) => {
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
  const permitted = (template: Template) => JSON.stringify(Object.values<any>(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Permission'));
  const [, prepared] = deployments.get('prepared')!;
  const [, moved] = deployments.get('moved')!;
  const alias = importsOf(moved).find(name => name.includes('PayLive'))!;
  expect(permitted(prepared)).toContain(alias);
  const integration = Object.values<any>(prepared.Resources).find(({ Type }) => Type === 'AWS::ApiGatewayV2::Integration');
  expect(JSON.stringify(integration)).not.toContain(alias);
});

test('without the kept export, the second deployment would remove one that is in use', () => {
  const [functions] = deployments.get('done')!;
  const [, web] = deployments.get('prepared')!;
  expect([...new Set(importsOf(web))].filter(name => !exportsOf(functions).includes(name))).toEqual([expect.stringMatching(/FnGetAttPay\w+Arn/)]);
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
