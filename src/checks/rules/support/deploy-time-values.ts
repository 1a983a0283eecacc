import { type Declarations, type DeployTimeValue, deployTimeValuesIn } from '../../../private/deploy-time-values';
import { isJson, Reference, Text, textOf } from '../../graph';
import type { AppGraph, Resource, TemplateGraph } from '../../graph';

export type { DeployTimeValue };

/** Names of parameters that identify a deployment, and so have one value for the life of a stack. */
const IDENTITY_WORDS = [
  'stage', 'env', 'environment', 'project', 'service', 'app', 'application', 'stack', 'system', 'prefix', 'suffix',
  'namespace', 'owner', 'team', 'domain', 'hostedzone', 'region', 'account',
];
const IDENTITY = new RegExp(`^(.*[a-z])?(${IDENTITY_WORDS.join('|')})(name|id|type|prefix|suffix)?$`, 'i');
const NETWORK = /^(List<)?AWS::EC2::/;
const LEGACY_ASSET = /^AssetParameters/;
const DEPLOY_TIME = /\{\{resolve:|Fn::ImportValue|Fn::If/;

/** The parts of properties, without some of them, whose value can change while the template does not. */
export function deployTimeValues(
  resource: Resource, properties: Record<string, unknown>, without: readonly string[] = [],
): DeployTimeValue[] {
  const { template } = resource;
  const text = JSON.stringify(properties);
  // most functions have no such value, and the search for its place takes longer
  const parameters = template.app.view(changeable).get(template)!;
  if (!DEPLOY_TIME.test(text) && !parameters.some(name => text.includes(name))) return [];
  const content = Object.entries(properties).filter(([name]) => !without.includes(name));
  return deployTimeValuesIn(Object.fromEntries(content), new TemplateDeclarations(template));
}

/** The parameters of each template whose value can change. */
function changeable(app: AppGraph): Map<TemplateGraph, string[]> {
  return new Map(app.templates.map(template => {
    const declarations = new TemplateDeclarations(template);
    const names = Object.keys(template.section('Parameters'));
    return [template, names.filter(name => declarations.sourceOf(name) !== undefined)];
  }));
}

class TemplateDeclarations implements Declarations {
  constructor(private readonly template: TemplateGraph) {}

  public sourceOf(name: string): string | undefined {
    const parameters = this.template.section('Parameters');
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!isJson(parameter) || IDENTITY.test(name) || LEGACY_ASSET.test(name)) return undefined;
    const type = textOf(parameter.Type);
    if (NETWORK.test(type) || this.isReferenceOfParent(name)) return undefined;
    if (String(parameter.NoEcho) === 'true') return `the secret parameter ${name}`;
    if (type.startsWith('AWS::SSM::')) return `the SSM parameter ${textOf(parameter.Default) || name}`;
    return `the parameter ${name}`;
  }

  public condition(name: string): unknown {
    const conditions = this.template.section('Conditions');
    return Object.hasOwn(conditions, name) ? conditions[name] : undefined;
  }

  /** A nested stack receives references to resources as parameters. */
  private isReferenceOfParent(name: string): boolean {
    const given = this.template.app.parentOf(this.template)?.parameter(name, 0);
    return given instanceof Reference || (given instanceof Text && given.references.length > 0);
  }
}
