import type { CfnResource } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { addressesIn, namedProperties } from './reference-text';

/** Finds the functions that a value refers to, directly or through an alias or a version, also in other stacks of the stage. */
export class FunctionReferences {
  private readonly byAddress = new Map<string, lambda.CfnFunction>();

  constructor(resources: CfnResource[]) {
    const all = (type: string) => resources.filter(resource => resource.cfnResourceType === type);
    for (const fn of all('AWS::Lambda::Function')) this.byAddress.set(fn.node.addr, fn as lambda.CfnFunction);
    for (const qualifier of [...all('AWS::Lambda::Alias') as lambda.CfnAlias[], ...all('AWS::Lambda::Version') as lambda.CfnVersion[]]) {
      const [fn] = this.in(qualifier, qualifier.functionName);
      if (fn) this.byAddress.set(qualifier.node.addr, fn);
    }
  }

  /** The functions that a value of a resource refers to. */
  public in(resource: CfnResource, value: unknown): lambda.CfnFunction[] {
    if (value === undefined) return [];
    return addressesIn(resource, value).map(address => this.byAddress.get(address)).filter(fn => fn !== undefined);
  }

  /** The functions that a distribution of CloudFront invokes, also by an override. */
  public atEdge(distribution: CfnResource): lambda.CfnFunction[] {
    const { DefaultCacheBehavior, CacheBehaviors = [] } = namedProperties(distribution).DistributionConfig ?? {};
    return this.in(distribution, [DefaultCacheBehavior, ...CacheBehaviors].map(behavior => behavior?.LambdaFunctionAssociations));
  }
}
