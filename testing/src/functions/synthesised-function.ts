import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IConstruct } from 'constructs';
import { AssembledStack } from '../template/assembly';
import { assemblyOf, cdk } from '../template/synthesis';
import { templateOf } from '../template/templates';

/** A function, or an alias or a version of it: `lambda.Function`, `ProductionFunction`, `lambda.Alias`. */
export interface FunctionConstruct extends IConstruct {
  readonly functionArn: string;
}

/** What is known of a function before it runs. */
export interface DeployedFunction {
  readonly name: string;
  readonly folder: string;
  readonly handler: string;
  readonly runtime: string;
  readonly timeoutSeconds?: number;
  readonly memorySize?: number;
  readonly variables: Record<string, string>;
  /** Removes a temporary folder. */
  readonly remove?: () => void;
}

export function isFunctionConstruct(code: unknown): code is FunctionConstruct {
  return typeof code === 'object' && code !== null && 'node' in code;
}

/** Reads a function from the templates of its app, which is synthesised. References become the logical id of their resource. */
export function synthesisedFunction(construct: FunctionConstruct): DeployedFunction {
  const { Stack } = cdk();
  const resource = definitionOf(construct);
  if (!resource) throw new Error(`'code' must be a function of this app, got ${construct.node.path}; pass the function and not an imported one`);
  const own = Stack.of(resource);
  const name = own.nestedStackParent ? own.artifactId : own.stackName;
  const stack = new AssembledStack(assemblyOf(construct), name, () => undefined, templateOf(own));
  const id = own.resolve((resource as any).logicalId);
  const { Properties = {} } = stack.resource(id);
  const { Code, Handler, Runtime, Timeout, MemorySize, Environment } = Properties;
  const found = {
    name: id,
    handler: Handler,
    runtime: Runtime,
    timeoutSeconds: Timeout,
    memorySize: MemorySize,
    variables: variablesOf(stack, Environment?.Variables),
  };
  if (typeof Code.ZipFile === 'string') return { ...found, ...inlineCode(Code.ZipFile, Runtime) };
  if (typeof Code.S3Key !== 'string') throw new Error(`the code of ${construct.node.path} must be an asset, got ${JSON.stringify(Code)}; pass the folder of the bundle`);
  const folder = stack.assetFolder(Code.S3Key);
  if (!existsSync(folder)) throw new Error(`the code of ${construct.node.path} must be an asset of a folder, got ${Code.S3Key}; pass the folder of the bundle`);
  return { ...found, folder };
}

/** A variable whose value only AWS knows is left out. */
function variablesOf(stack: AssembledStack, given: Record<string, unknown> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => {
    try {
      return [[name, String(stack.resolve(value))]];
    } catch {
      return [];
    }
  }));
}

/** The resource of a function behind its alias or version. */
function definitionOf(construct: any): IConstruct | undefined {
  for (const found of [construct, construct.definition, construct.lambda, construct.version?.lambda]) {
    const resource = found?.node?.defaultChild;
    if (resource?.cfnResourceType === 'AWS::Lambda::Function') return resource;
  }
  return construct.node.findAll().find((child: any) => child.cfnResourceType === 'AWS::Lambda::Function');
}

/** A folder with one file of inline code. */
function inlineCode(text: string, runtime: string): Pick<DeployedFunction, 'folder' | 'remove'> {
  const folder = mkdtempSync(join(tmpdir(), 'inline-code-'));
  writeFileSync(join(folder, runtime.startsWith('python') ? 'index.py' : 'index.js'), text);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
