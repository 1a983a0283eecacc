import { CfnElement, CfnResource, DefaultTokenResolver, type IResolvable, type IResolveContext, Reference, Stack, Stage, StringConcat, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isRecord, TemplateTexts, type TemplateValues } from './template-texts';
import { withinStage } from '../private/across-stages';
import { templateFragmentOf } from '../private/cdk-internals';

type Json = Record<string, unknown>;

/** A policy in a template of the app, resolved as it is deployed. */
interface PolicyResource {
  readonly resource: CfnResource;
  readonly statements: unknown[];
  readonly document: unknown;
  readonly managed: boolean;
}

const POLICY_TYPES = ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy', 'AWS::IAM::ManagedPolicy'];
const PASSES = new WeakMap<IConstruct, Pass>();

/** One validation of a stage, in which each role is validated once. */
interface Pass {
  readonly resources: PolicyResources;
  readonly validated: Set<IConstruct>;
}

/** The policies of one stage of the app, by the role that they are attached to, however they were attached. */
export class PolicyResources {
  /** The policies at this synthesis. All roles of a stage share them; a role that asks again starts the next synthesis. */
  public static for(role: IConstruct): PolicyResources {
    const stage = Stage.of(role) ?? role.node.root;
    let pass = PASSES.get(stage);
    if (!pass || pass.validated.has(role)) {
      pass = { resources: new PolicyResources(stage), validated: new Set() };
      PASSES.set(stage, pass);
    }
    pass.validated.add(role);
    return pass.resources;
  }

  private readonly byRole = new Map<unknown, PolicyResource[]>();
  private readonly managed = new Map<CfnResource, PolicyResource>();
  private readonly elements = new Map<Stack, Map<string, CfnElement>>();

  private constructor(stage: IConstruct) {
    const elements = withinStage(stage).filter(CfnElement.isCfnElement);
    const policies = elements.filter((e): e is CfnResource => CfnResource.isCfnResource(e) && POLICY_TYPES.includes(e.cfnResourceType));
    const named = (e: CfnElement) => !CfnResource.isCfnResource(e) || e.cfnResourceType === 'AWS::IAM::Role' || policies.includes(e);
    for (const element of elements.filter(named)) {
      const stack = Stack.of(element);
      const ids = this.elements.get(stack) ?? new Map<string, CfnElement>();
      this.elements.set(stack, ids.set(stack.resolve(element.logicalId), element));
    }
    for (const policy of policies) this.add(policy);
  }

  /** The policies that are attached to a role: of policy resources, and of the role's managed policies in this app. */
  public of(role: CfnResource, managedPolicyArns: unknown): PolicyResource[] {
    const { roleName } = role as CfnResource & { roleName?: string };
    const referred = this.referents(role, (role as CfnResource & { managedPolicyArns?: unknown }).managedPolicyArns, managedPolicyArns);
    const own = referred.flatMap(resource => this.managed.get(resource as CfnResource) ?? []);
    return [...new Set([...this.byRole.get(role) ?? [], ...(roleName ? this.byRole.get(Stack.of(role).resolve(roleName)) ?? [] : []), ...own])];
  }

  /** Parameters and mappings of the stack of a construct. */
  public valuesFor(construct: IConstruct): TemplateValues {
    const stack = Stack.of(construct);
    const section = (name: string, of: string): unknown => {
      const element = this.elements.get(stack)?.get(name);
      const all = element && !CfnResource.isCfnResource(element) ? stack.resolve(templateFragmentOf(element))?.[of] : undefined;
      return isRecord(all) ? all[name] : undefined;
    };
    return {
      parameter: name => {
        const parameter = section(name, 'Parameters');
        if (!isRecord(parameter)) return undefined;
        const { Default: value, AllowedValues: allowed, Type: type } = parameter;
        const values = [...value === undefined ? [] : [value], ...Array.isArray(allowed) ? allowed : [], ...this.passedTo(stack, name)];
        return String(type).startsWith('AWS::SSM::') ? [] : values.flatMap(v => String(type).includes('List') ? String(v).split(/,\s*/) : [v]);
      },
      mapping: name => section(name, 'Mappings'),
    };
  }

  /** What a stack passes to its nested stack for a parameter. */
  private passedTo({ nestedStackResource: resource }: Stack, name: string): string[] {
    const { Parameters: passed } = resource instanceof CfnResource ? propertiesOf(resource) : {};
    return isRecord(passed) && Object.hasOwn(passed, name) ? new TemplateTexts(this.valuesFor(resource!)).of(passed[name]) : [];
  }

  private add(resource: CfnResource): void {
    const { PolicyDocument: document, Roles: roles, RoleName: role } = propertiesOf(resource);
    const list = isRecord(document) ? document.Statement : undefined;
    const policy = { resource, document, statements: Array.isArray(list) ? list : [list], managed: resource.cfnResourceType === 'AWS::IAM::ManagedPolicy' };
    if (policy.managed) this.managed.set(resource, policy);
    const { roles: unresolved, roleName } = resource as CfnResource & { roles?: unknown; roleName?: unknown };
    const names = [roles, role].flat().filter(name => typeof name === 'string');
    for (const holder of new Set([...this.referents(resource, unresolved ?? roleName, [roles, role]), ...names])) {
      this.byRole.set(holder, [...this.byRole.get(holder) ?? [], policy]);
    }
  }

  /** The resources that a value refers to: by the name in the template, and by a token also in another or a nested stack. */
  private referents(from: CfnResource, unresolved: unknown, resolved: unknown): IConstruct[] {
    if (resolved === undefined) return [];
    const ids = this.elements.get(Stack.of(from));
    const text = JSON.stringify(resolved) ?? '';
    const inStack = [...text.matchAll(/"(?:Ref":|Fn::GetAtt":\[?)"([^".]+)/g), ...text.matchAll(/\$\{([^}.]+)/g)].flatMap(match => ids?.get(match[1]) ?? []);
    return inStack.some(CfnResource.isCfnResource) ? inStack : [...inStack, ...targetsIn(from, unresolved)];
  }
}

/** The properties of a resource as they are in the template, with overrides. */
export function propertiesOf(resource: CfnResource): Json {
  const stack = Stack.of(resource);
  const resources: unknown = stack.resolve(templateFragmentOf(resource))?.Resources;
  const [rendered] = isRecord(resources) ? Object.values(resources) : [];
  return isRecord(rendered) && isRecord(rendered.Properties) ? rendered.Properties : {};
}

/** The resources that the tokens in a value refer to. */
function targetsIn(scope: IConstruct, value: unknown): IConstruct[] {
  const targets: IConstruct[] = [];
  class Collector extends DefaultTokenResolver {
    public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: Parameters<DefaultTokenResolver['resolveToken']>[2]): unknown {
      if (Reference.isReference(token)) targets.push(token.target);
      return super.resolveToken(token, context, postProcessor);
    }
  }
  Tokenization.resolve(value, { scope, resolver: new Collector(new StringConcat()), preparing: false });
  return targets;
}
