import { AspectPriority, Aspects, CfnDeletionPolicy, CfnResource, type IAspect, Stack, Validations } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { AcrossStages } from '../private/across-stages';
import { renderedProperties } from '../private/rendered';

const KEPT: readonly (CfnDeletionPolicy | undefined)[] = [
  CfnDeletionPolicy.RETAIN, CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE, CfnDeletionPolicy.SNAPSHOT,
];
/** Where each type says that AWS shall refuse to delete it. */
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

/** Warns at synth of what below a scope would stay when its stack is deleted, or keep the stack from being deleted. */
export function warnOfSurvivors(scope: IConstruct): void {
  Aspects.of(scope).add(new Survivors(), { priority: AspectPriority.READONLY });
}

/** Warns at synth of stages that nothing of this library is in, so that they were not found before they were synthesised. */
export function warnOfMissedStages(scope: IConstruct, stages: AcrossStages): void {
  Aspects.of(scope).add({
    visit: node => {
      if (node !== scope) return;
      for (const path of stages.missed(CfnResource.isCfnResource)) {
        Validations.of(scope).addWarning(
          'cdk-production-lambda:Profile.stageNotReached',
          `the stage ${path} was made after 'applyTo', and has neither its tags nor its warnings; apply the profile to the stage too`,
        );
      }
    },
  }, { priority: AspectPriority.READONLY });
}

class Survivors implements IAspect {
  public visit(node: IConstruct): void {
    const why = Stack.isStack(node) ? whyStackSurvives(node) : CfnResource.isCfnResource(node) ? whySurvives(node) : undefined;
    if (why === undefined) return;
    Validations.of(node).addWarning(
      'cdk-production-lambda:Profile.outlivesStack',
      `${why}; in a sandbox let it go with the stack, or acknowledge that it is deleted by hand`,
    );
  }
}

function whyStackSurvives(stack: Stack): string | undefined {
  return stack.terminationProtection ? "the stack has 'terminationProtection', so that nothing of it can be deleted" : undefined;
}

function whySurvives(resource: CfnResource): string | undefined {
  const { deletionPolicy } = resource.cfnOptions;
  if (KEPT.includes(deletionPolicy)) return `it has the deletion policy ${deletionPolicy}, and something of it stays when the stack is deleted`;
  const { cfnResourceType: type } = resource;
  if (type === 'AWS::Lambda::Function' && resource.node.scope instanceof lambda.Function && logsByItself(resource)) {
    return "the function has no 'logGroup', so that Lambda makes one, which stays when the stack is deleted";
  }
  const isProtected = PROTECTIONS[type];
  if (isProtected?.(renderedProperties(resource)) === true) return 'it is protected from deletion, and the stack can not be deleted before it is';
  if (type === 'AWS::S3::Bucket' && !isEmptied(resource)) {
    return "nobody empties the bucket, and S3 deletes none that holds objects; set 'autoDeleteObjects'";
  }
  if (type === 'AWS::ECR::Repository' && renderedProperties(resource).EmptyOnDelete !== true) {
    return "nobody empties the repository, and ECR deletes none that holds images; set 'emptyOnDelete'";
  }
  return undefined;
}

/** Whether no stack has the log group, and the custom resource of CDK does not remove it either. */
function logsByItself(fn: CfnResource): boolean {
  const retention = fn.node.scope!.node.tryFindChild('LogRetention')?.node.tryFindChild('Resource');
  const isRemoved = CfnResource.isCfnResource(retention) && renderedProperties(retention).RemovalPolicy === 'destroy';
  return renderedProperties(fn).LoggingConfig?.LogGroup === undefined && !isRemoved;
}

/** Whether the bucket has the custom resource with which CDK empties it. */
function isEmptied(bucket: CfnResource): boolean {
  return bucket.node.scope!.node.tryFindChild('AutoDeleteObjectsCustomResource') !== undefined;
}
