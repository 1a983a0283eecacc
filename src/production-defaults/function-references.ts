import type { CfnResource } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';

/** Finds the functions that a value of a template refers to, directly or through an alias or a version. */
export class FunctionReferences {
  private readonly byId = new Map<string, lambda.CfnFunction>();

  constructor(resources: CfnResource[]) {
    const all = (type: string) => resources.filter(resource => resource.cfnResourceType === type);
    for (const fn of all('AWS::Lambda::Function')) this.byId.set(idOf(fn), fn as lambda.CfnFunction);
    for (const qualifier of [...all('AWS::Lambda::Alias') as lambda.CfnAlias[], ...all('AWS::Lambda::Version') as lambda.CfnVersion[]]) {
      const [fn] = this.in(qualifier, qualifier.functionName);
      if (fn) this.byId.set(idOf(qualifier), fn);
    }
  }

  /** The functions that a value of a resource refers to. */
  public in(resource: CfnResource, value: unknown): lambda.CfnFunction[] {
    if (value === undefined) return [];
    const text = JSON.stringify(resource.stack.resolve(value)) ?? '';
    const ids = [...text.matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].map(([, id]) => this.byId.get(`${resource.stack.node.addr}.${id}`));
    return ids.filter(fn => fn !== undefined);
  }
}

function idOf({ stack, logicalId }: CfnResource): string {
  return `${stack.node.addr}.${stack.resolve(logicalId)}`;
}
