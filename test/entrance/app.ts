import { App, Stack, aws_apigatewayv2 as apigwv2, aws_certificatemanager as acm, aws_ec2 as ec2, aws_lambda as lambda } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Access, Entrance, HttpEntrance, type HttpEntranceProps, ProductionFunction, type ProductionFunctionProps } from '../../src';

export const { GET, POST, OPTIONS, ANY } = apigwv2.HttpMethod;
export const JWT = { issuer: 'https://login.example.com', audience: ['payments'] };
export const OPEN = 'the handler checks the signature of each call';

/** A stack with one function, and the resources that entrances need. */
export class Payments extends Stack {
  public readonly pay: ProductionFunction;
  public readonly certificate: acm.ICertificate;
  public readonly domain: { domainName: string; certificate: acm.ICertificate };

  constructor(app = new App(), props: Partial<ProductionFunctionProps> = {}, id = 'Payments') {
    super(app, id, { env: { account: '111122223333', region: 'us-east-1' } });
    this.pay = this.function('Pay', props);
    this.certificate = acm.Certificate.fromCertificateArn(this, 'Certificate', 'arn:aws:acm:us-east-1:111122223333:certificate/api');
    this.domain = { domainName: 'api.example.com', certificate: this.certificate };
  }

  public function(id: string, props: Partial<ProductionFunctionProps> = {}): ProductionFunction {
    return new ProductionFunction(this, id, {
      runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {};'), ...props,
    });
  }

  public vpc(): ec2.Vpc {
    const vpc = new ec2.Vpc(this, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'], natGateways: 0, restrictDefaultSecurityGroup: false });
    vpc.addFlowLog('Flow');
    return vpc;
  }

  /** An entrance with one route, and the given props. */
  public entrance(props: Partial<HttpEntranceProps> = {}): HttpEntrance {
    return new HttpEntrance(this, 'Api', {
      access: Access.jwt(JWT), routes: [{ method: POST, path: '/payments', function: this.pay }], ...props,
    });
  }

  public template(): Template {
    return Template.fromStack(this);
  }
}

/** The four entrances, and a function URL behind CloudFront, each with its required props. */
export const ENTRANCES: Record<string, (stack: Payments) => Pick<HttpEntranceProps, 'entrance' | 'domain'>> = {
  httpApi: () => ({ entrance: Entrance.httpApi() }),
  restApi: () => ({ entrance: Entrance.restApi() }),
  functionUrl: () => ({ entrance: Entrance.functionUrl() }),
  cloudFront: stack => ({ entrance: Entrance.functionUrl({ cloudFront: true }), domain: stack.domain }),
  loadBalancer: stack => ({ entrance: Entrance.loadBalancer({ vpc: stack.vpc() }), domain: stack.domain }),
};

/** Returns the message of the error that a function throws. */
export function errorOf(build: () => unknown): string {
  try {
    build();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('no error was thrown');
}
