import { basename } from 'path';
import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { TemplateInput } from './graph';

/**
 * Adds the construct paths of the resources to templates of an app. The metadata of a template has them only if the
 * context `aws:cdk:enable-path-metadata` is set. The command of the CDK sets it, and a test does not.
 */
export function withConstructPaths(inputs: readonly TemplateInput[], root: IConstruct): TemplateInput[] {
  let paths: Map<string, string> | undefined;
  return inputs.map(input => ({
    ...input,
    pathOf: (logicalId: string) => (paths ??= readPaths(root)).get(keyOf(input.name, logicalId)),
  }));
}

function readPaths(root: IConstruct): Map<string, string> {
  return new Map(root.node.findAll().filter(CfnResource.isCfnResource).map(({ stack, logicalId, node }) => (
    [keyOf(stack.templateFile, stack.resolve(logicalId) as string), node.path])));
}

function keyOf(template: string, logicalId: string): string {
  return `${basename(template)}\n${logicalId}`;
}
