import { AspectPriority, Aspects, CfnDeletionPolicy, CfnResource, type IAspect, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { logRetentionOf, isEmptiedByCdk } from '../private/cdk-internals';
import { effectiveProperties } from '../private/effective-properties';
import { warn } from '../private/validation';

const RETAINING: readonly (CfnDeletionPolicy | undefined)[] = [
  CfnDeletionPolicy.RETAIN, CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE, CfnDeletionPolicy.SNAPSHOT,
];
/** The property of each type that protects it from deletion. */
const PROTECTIONS: Record<string, (properties: any) => unknown> = {
  'AWS::DynamoDB::Table': properties => properties.DeletionProtectionEnabled,
  'AWS::DynamoDB::GlobalTable': properties => properties.Replicas?.some((replica: any) => replica.DeletionProtectionEnabled === true),
  'AWS::RDS::DBCluster': properties => properties.DeletionProtection,
  'AWS::RDS::DBInstance': properties => properties.DeletionProtection,
  'AWS::RDS::GlobalCluster': properties => properties.DeletionProtection,
  'AWS::Cognito::UserPool': properties => properties.DeletionProtection === 'ACTIVE',
  'AWS::Logs::LogGroup': properties => properties.DeletionProtectionEnabled,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': properties =>
    properties.LoadBalancerAttributes?.some(({ Key: key, Value: value }: any) => key === 'deletion_protection.enabled' && value === 'true'),
};

/** Warns at synth of resources below a scope that outlive their stack, or that prevent its deletion. */
export function warnRetainedResources(scope: IConstruct): void {
  Aspects.of(scope).add(new RetainedResourcesWarning(), { priority: AspectPriority.READONLY });
}

class RetainedResourcesWarning implements IAspect {
  public visit(node: IConstruct): void {
    const reason = Stack.isStack(node) ? reasonOfStack(node) : CfnResource.isCfnResource(node) ? reasonOf(node) : undefined;
    if (reason === undefined) return;
    warn(node, 'Profile.outlivesStack', `${reason}; in a sandbox, let it be deleted with the stack, or acknowledge that it is deleted manually`);
  }
}

function reasonOfStack(stack: Stack): string | undefined {
  return stack.terminationProtection ? "the stack has 'terminationProtection' and cannot be deleted" : undefined;
}

/** Why a resource is not deleted with its stack; undefined if it is deleted. */
function reasonOf(resource: CfnResource): string | undefined {
  const { deletionPolicy } = resource.cfnOptions;
  if (RETAINING.includes(deletionPolicy)) return `its deletion policy is ${deletionPolicy}, so data remains when the stack is deleted`;
  const { cfnResourceType: type } = resource;
  if (type === 'AWS::Lambda::Function' && resource.node.scope instanceof lambda.Function && createsLogGroup(resource)) {
    return "the function has no 'logGroup', so Lambda creates one, which remains when the stack is deleted";
  }
  const isProtected = PROTECTIONS[type];
  if (isProtected?.(effectiveProperties(resource)) === true) return 'its deletion protection prevents the deletion of the stack';
  if (type === 'AWS::S3::Bucket' && !isEmptiedByCdk(resource as s3.CfnBucket)) {
    return "the bucket is not emptied, and S3 does not delete a bucket with objects; set 'autoDeleteObjects'";
  }
  if (type === 'AWS::ECR::Repository' && effectiveProperties(resource).EmptyOnDelete !== true) {
    return "the repository is not emptied, and ECR does not delete a repository with images; set 'emptyOnDelete'";
  }
  return undefined;
}

/** Whether Lambda creates the log group, and no custom resource of CDK deletes it. */
function createsLogGroup(fn: CfnResource): boolean {
  const retention = logRetentionOf(fn.node.scope as lambda.Function);
  const isRemoved = CfnResource.isCfnResource(retention) && effectiveProperties(retention).RemovalPolicy === 'destroy';
  return effectiveProperties(fn).LoggingConfig?.LogGroup === undefined && !isRemoved;
}
