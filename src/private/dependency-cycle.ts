import { CfnElement, type CfnResource, Stack } from 'aws-cdk-lib';
import { effectiveResources } from './effective-properties';

/**
 * The construct paths of a dependency cycle that starts and ends at a resource; undefined if there is none. Call it in a
 * validation, when all references of the app exist.
 *
 * Reads Ref, Fn::GetAtt, Fn::Sub and DependsOn everywhere in a resource, including its UpdatePolicy, where CDK itself finds
 * no cycle. A resource of a nested stack depends on all that the nested stack depends on.
 */
export function findDependencyCycle(start: CfnElement): string[] | undefined {
  const own = cycleAt(start);
  const nested: CfnResource | undefined = Stack.of(start).nestedStackResource;
  return own ?? (nested && findDependencyCycle(nested));
}

function cycleAt(start: CfnElement): string[] | undefined {
  const stack = Stack.of(start);
  const elements = new Map<string, CfnElement>();
  for (const construct of stack.node.findAll()) {
    if (CfnElement.isCfnElement(construct) && construct.stack === stack) elements.set(stack.resolve(construct.logicalId), construct);
  }
  const seen = new Set<CfnElement>();
  const pathBack = (element: CfnElement): CfnElement[] | undefined => {
    seen.add(element);
    for (const id of referencesOf(element)) {
      const next = elements.get(id);
      if (next === start) return [element, start];
      const rest = next && !seen.has(next) ? pathBack(next) : undefined;
      if (rest) return [element, ...rest];
    }
    return undefined;
  };
  return pathBack(start)?.map(element => element.node.path);
}

function referencesOf(element: CfnElement): Set<string> {
  const found = new Set<string>();
  for (const resource of effectiveResources(element)) {
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
