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

/** Where the ledger is instead of behind its proxy. */
export interface LedgerAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/** What of a template can't be made in the account on this machine, and why. */
const LEFT_OUT: readonly (readonly [(resource: TemplateResource) => boolean, string])[] = [
  [({ Type }) => /^AWS::RDS::|^Custom::DatabaseUser$/.test(Type), 'database: a PostgreSQL server from npm takes the place of Aurora, the proxy and the logins'],
  [({ Type }) => /^AWS::EC2::|^Custom::VpcRestrictDefaultSG$/.test(Type), 'network: functions are processes on this machine'],
  [({ Type }) => Type.startsWith('AWS::CodeDeploy::'), 'canary: each alias gets its new version immediately'],
  [({ Type }) => Type.startsWith('AWS::ApplicationAutoScaling::'), 'scaling of provisioned concurrency'],
  [({ Type }) => Type === 'AWS::Events::Archive', 'archive of events'],
  [({ Type, Properties }) => Type === 'AWS::CloudWatch::Alarm' && Properties?.Metrics !== undefined, 'alarms on metric math'],
];

/**
 * A template without what the emulator can't make. The rest stays word for word, but for references to what is left out: of the
 * ledger's address they become the one on this machine, of anything else an ARN of nothing.
 */
export function localProfile(template: Template, ledger: LedgerAddress): { template: Template; leftOut: string[] } {
  const reasons = new Map<string, string>();
  for (const [id, resource] of Object.entries(template.Resources)) {
    const found = LEFT_OUT.find(([isMeant]) => isMeant(resource));
    if (found) reasons.set(id, found[1]);
  }
  const isLeftOut = (id: string) => reasons.has(id);
  const kept = Object.entries(template.Resources).filter(([id]) => !isLeftOut(id)).map(([id, resource]) => [id, atHome(resource, isLeftOut, ledger)]);
  return {
    template: withoutReferences({ ...template, Resources: Object.fromEntries(kept) }, isLeftOut) as Template,
    leftOut: [...new Set(reasons.values())].sort(),
  };
}

function atHome(given: TemplateResource, isLeftOut: (id: string) => boolean, ledger: LedgerAddress): TemplateResource {
  const { UpdatePolicy, DependsOn, ...resource } = given;
  const before = [DependsOn ?? []].flat().filter(id => !isLeftOut(id));
  const placed: TemplateResource = before.length > 0 ? { ...resource, DependsOn: before } : resource;
  if (resource.Type !== 'AWS::Lambda::Function') return placed;
  const { VpcConfig, Environment, ...properties } = resource.Properties!;
  return { ...placed, Properties: { ...properties, Environment: { Variables: variables(Environment?.Variables ?? {}, ledger) } } };
}

function variables(given: Record<string, unknown>, { host, port, database }: LedgerAddress): Record<string, unknown> {
  const traced = { ...given, POWERTOOLS_TRACE_ENABLED: 'false' }; // there is no daemon to send segments to
  return 'PGHOST' in given ? { ...traced, PGHOST: host, PGPORT: String(port), PGDATABASE: database, PGSSLMODE: 'disable' } : traced;
}

/** Long enough for the parts that templates cut out of an ARN. */
const NOTHING = 'arn:aws:none:none:000000000000:none:none';

function withoutReferences(value: any, isLeftOut: (id: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map(item => withoutReferences(item, isLeftOut));
  if (typeof value !== 'object' || value === null) return value;
  const id = value.Ref ?? value['Fn::GetAtt']?.[0];
  if (typeof id === 'string' && isLeftOut(id)) return NOTHING;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutReferences(item, isLeftOut)]));
}
