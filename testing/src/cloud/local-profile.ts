/** A CloudFormation template as far as it is read here. */
export interface Template {
  readonly Resources: Record<string, TemplateResource>;
  readonly [section: string]: unknown;
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Record<string, any>;
  readonly DependsOn?: string | string[];
  readonly UpdatePolicy?: unknown;
}

/** A PostgreSQL server that replaces the database of the template. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

export interface LocalProfileOptions {
  /** Functions with the variable `PGHOST` connect to this server. */
  readonly postgres?: DatabaseAddress;
  /** Values of environment variables, for functions that have the variable. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether the account supports a type of resource. All types are supported when absent. */
  readonly isSupported?: (type: string) => boolean;
}

/** What of a template was left out, and why. */
export interface LeftOut {
  readonly reason: string;
  readonly resources: readonly string[];
}

/** Resources that an account on one machine cannot have or does not need. */
const REASONS: readonly (readonly [(resource: TemplateResource) => boolean, string])[] = [
  [({ Type }) => /^AWS::RDS::|^Custom::DatabaseUser$/.test(Type), 'database: a local PostgreSQL replaces Aurora, its proxy and logins, if there is one'],
  [({ Type }) => /^AWS::EC2::|^Custom::VpcRestrictDefaultSG$/.test(Type), 'network: functions are processes on this machine'],
  [({ Type }) => Type.startsWith('AWS::CodeDeploy::'), 'canary: each alias gets its new version immediately'],
  [({ Type }) => Type.startsWith('AWS::ApplicationAutoScaling::'), 'scaling of provisioned concurrency'],
  [({ Type }) => Type === 'AWS::Events::Archive', 'archive of events'],
  [({ Type, Properties }) => Type === 'AWS::CloudWatch::Alarm' && Properties?.Metrics !== undefined, 'alarms on metric math'],
];

/**
 * A template without the resources that the account cannot create. The rest is unchanged, except references to resources that are
 * left out, which become an ARN of nothing, and the addresses of `options`.
 */
export function localProfile(template: Template, options: LocalProfileOptions = {}): { template: Template; leftOut: LeftOut[] } {
  const { isSupported = () => true } = options;
  const reasons = new Map<string, string>();
  for (const [id, resource] of Object.entries(template.Resources)) {
    const found = REASONS.find(([isMeant]) => isMeant(resource))?.[1];
    const isCustom = /^Custom::|^AWS::CloudFormation::CustomResource$|^AWS::CDK::Metadata$/.test(resource.Type);
    const reason = found ?? (isCustom || isSupported(resource.Type) ? undefined : `not supported by the account on this machine: ${resource.Type}`);
    if (reason !== undefined) reasons.set(id, reason);
  }
  const isLeftOut = (id: string) => reasons.has(id);
  const kept = Object.entries(template.Resources).filter(([id]) => !isLeftOut(id))
    .map(([id, resource]) => [id, adapted(resource, isLeftOut, options)]);
  const distinct = [...new Set(reasons.values())].sort();
  return {
    template: withoutReferences({ ...template, Resources: Object.fromEntries(kept) }, isLeftOut) as Template,
    leftOut: distinct.map(reason => ({ reason, resources: [...reasons].filter(([, own]) => own === reason).map(([id]) => id) })),
  };
}

function adapted(given: TemplateResource, isLeftOut: (id: string) => boolean, options: LocalProfileOptions): TemplateResource {
  const { UpdatePolicy, DependsOn, ...resource } = given;
  const before = [DependsOn ?? []].flat().filter(id => !isLeftOut(id));
  const placed: TemplateResource = before.length > 0 ? { ...resource, DependsOn: before } : resource;
  if (resource.Type !== 'AWS::Lambda::Function') return placed;
  const { VpcConfig, Environment, ...properties } = resource.Properties!;
  return { ...placed, Properties: { ...properties, Environment: { Variables: variables(Environment?.Variables ?? {}, options) } } };
}

function variables(given: Record<string, unknown>, { postgres, variables: own = {} }: LocalProfileOptions): Record<string, unknown> {
  const known = Object.fromEntries(Object.entries(own).filter(([name]) => name in given));
  const traced = { ...given, POWERTOOLS_TRACE_ENABLED: 'false', ...known }; // there is no daemon to send segments to
  if (!postgres || !('PGHOST' in given)) return traced;
  return { ...traced, PGHOST: postgres.host, PGPORT: String(postgres.port), PGDATABASE: postgres.database, PGSSLMODE: 'disable' };
}

/** Long enough for the parts that templates select from an ARN. */
const NOTHING = 'arn:aws:none:none:000000000000:none:none';

function withoutReferences(value: any, isLeftOut: (id: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map(item => withoutReferences(item, isLeftOut));
  if (typeof value !== 'object' || value === null) return value;
  const id = value.Ref ?? value['Fn::GetAtt']?.[0];
  if (typeof id === 'string' && isLeftOut(id)) return NOTHING;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutReferences(item, isLeftOut)]));
}
