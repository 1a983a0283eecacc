import { CfnElement, Stack } from 'aws-cdk-lib';
import { renderedResources } from './rendered';

/**
 * The construct paths along which a resource waits for itself, from it and back to it; undefined where it does not. To
 * be called when the app is complete (in a validation), for references come late.
 *
 * Reads Ref, Fn::GetAtt, Fn::Sub and DependsOn anywhere in a resource, so also in its UpdatePolicy, where CDK itself
 * finds no circle.
 */
export function dependencyCircle(start: CfnElement): string[] | undefined {
  const stack = Stack.of(start);
  const elements = new Map<string, CfnElement>();
  for (const construct of stack.node.findAll()) {
    if (CfnElement.isCfnElement(construct) && construct.stack === stack) elements.set(stack.resolve(construct.logicalId), construct);
  }
  const seen = new Set<CfnElement>();
  const wayBack = (element: CfnElement): CfnElement[] | undefined => {
    seen.add(element);
    for (const id of referencesOf(element)) {
      const next = elements.get(id);
      if (next === start) return [element, start];
      const rest = next && !seen.has(next) ? wayBack(next) : undefined;
      if (rest) return [element, ...rest];
    }
    return undefined;
  };
  return wayBack(start)?.map(element => element.node.path);
}

function referencesOf(element: CfnElement): Set<string> {
  const found = new Set<string>();
  for (const resource of renderedResources(element)) {
    for (const id of [resource.DependsOn ?? []].flat()) found.add(id);
    collect(resource, found);
  }
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) return value.forEach(part => collect(part, found));
  if (value === null || typeof value !== 'object') return;
  for (const [key, argument] of Object.entries(value)) {
    if (key === 'Ref') found.add(argument);
    else if (key === 'Fn::GetAtt') found.add(Array.isArray(argument) ? argument[0] : String(argument).split('.')[0]);
    else if (key === 'Fn::Sub') for (const [, id] of String([argument].flat()[0]).matchAll(/\$\{([^!.}]+)/g)) found.add(id);
    collect(argument, found);
  }
}
