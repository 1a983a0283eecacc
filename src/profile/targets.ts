import type { CfnResource } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';

/** Functions by what refers to them: their name or ARN, or those of an alias or a version. */
export class Targets {
  private readonly byId = new Map<string, lambda.CfnFunction>();

  constructor(resources: CfnResource[]) {
    const all = (type: string) => resources.filter(resource => resource.cfnResourceType === type);
    for (const fn of all('AWS::Lambda::Function')) this.byId.set(idOf(fn), fn as lambda.CfnFunction);
    for (const qualifier of [...all('AWS::Lambda::Alias') as lambda.CfnAlias[], ...all('AWS::Lambda::Version') as lambda.CfnVersion[]]) {
      const [fn] = this.of(qualifier, qualifier.functionName);
      if (fn) this.byId.set(idOf(qualifier), fn);
    }
  }

  /** The functions that a value of a resource names. */
  public of(resource: CfnResource, value: unknown): lambda.CfnFunction[] {
    if (value === undefined) return [];
    const text = JSON.stringify(resource.stack.resolve(value)) ?? '';
    const ids = [...text.matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].map(([, id]) => this.byId.get(`${resource.stack.node.addr}.${id}`));
    return ids.filter(fn => fn !== undefined);
  }
}

function idOf({ stack, logicalId }: CfnResource): string {
  return `${stack.node.addr}.${stack.resolve(logicalId)}`;
}
