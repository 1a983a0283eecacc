import type { AppView } from './app-view';
import { shown } from './app-view';
import { bypassesAlias, invocationsOf } from './callers';
import type { Invocation } from './callers';
import { asyncConfigOf, redriveOf } from './failures';
import { concurrencyLimit, scheduleOf, sizeText } from './functions';
import { accessesOf } from './grants';
import type { Access } from './grants';
import type { Say } from './phrases';
import { routingText } from './releases';
import type { EdgeKind, MapEdge, MapNode, NodeKind } from './report-data';
import { duration } from './units';
import { LAMBDA } from '../../aws';
import { connectsTo, invokeGrantsOf, patternOf, proxiesOf, releasesOf } from '../../checks/graph';
import type { EventSource, LambdaFunction, Resource, Target, Value } from '../../checks/graph';
import { ON_FAILURE } from '../../checks/rules/support/failure-destinations';

/** The types of resources on the map, beside functions and what invokes them. */
const DATA_KINDS: Record<string, NodeKind> = {
  'AWS::DynamoDB::Table': 'table',
  'AWS::DynamoDB::GlobalTable': 'table',
  'AWS::SQS::Queue': 'queue',
  'AWS::SNS::Topic': 'topic',
  'AWS::Events::EventBus': 'bus',
  'AWS::S3::Bucket': 'bucket',
  'AWS::Kinesis::Stream': 'stream',
  'AWS::SecretsManager::Secret': 'secret',
  'AWS::StepFunctions::StateMachine': 'states',
  'AWS::RDS::DBProxy': 'proxy',
  'AWS::RDS::DBCluster': 'database',
  'AWS::RDS::DBInstance': 'database',
  'AWS::Kinesis::StreamConsumer': 'stream',
  'AWS::MSK::Cluster': 'stream',
  'AWS::AmazonMQ::Broker': 'queue',
  'AWS::DocDB::DBCluster': 'database',
  'AWS::KinesisFirehose::DeliveryStream': 'stream',
  'AWS::Cognito::UserPool': 'pool',
  'AWS::SSM::Parameter': 'secret',
};

function kindOf({ type }: Resource, otherwise: NodeKind): NodeKind {
  return Object.hasOwn(DATA_KINDS, type) ? DATA_KINDS[type] : otherwise;
}

/** Collects the nodes and edges of the request map. */
export class MapBuilder {
  private readonly nodes = new Map<string, MapNode>();
  private readonly edges = new Map<string, MapEdge>();
  private readonly services = new Map<string, string>();

  constructor(private readonly view: AppView, private readonly say: Say) {}

  public build(): { nodes: MapNode[]; edges: MapEdge[] } {
    this.view.functions.forEach(fn => this.addFunction(fn));
    this.addDatabases();
    this.addRedrives();
    this.addEvents();
    return { nodes: [...this.nodes.values()], edges: [...this.edges.values()] };
  }

  private addFunction(fn: LambdaFunction): void {
    const memory = fn.resource.number('MemorySize', LAMBDA.memoryUnsetMiB);
    const architecture = shown(patternOf(fn.resource.list('Architectures')[0] ?? 'x86_64'));
    this.node(fn.resource, 'function', sizeText({ memoryMiB: memory, architecture, timeoutSeconds: fn.timeout }), [fn.resource, ...fn.versions, ...fn.permissions]);
    for (const alias of fn.aliases) {
      const release = releasesOf(fn.app).find(each => each.alias === alias);
      const id = this.node(alias, 'alias', shown(alias.string('Name') ?? '?'), [alias, ...release?.group ? [release.group] : []], this.view.idOf(fn.resource));
      this.edge(id, this.view.idOf(fn.resource), 'release', release ? routingText(release.routing, this.say) : '');
    }
    invocationsOf(fn, this.say).forEach(invocation => this.addInvocation(fn, invocation));
    fn.sources.forEach(source => this.addSource(fn, source));
    this.addFailures(fn);
    this.addAccesses(fn);
  }

  /** The node that a request enters: the alias, or the function. */
  private entry(fn: LambdaFunction, { alias }: Target): string {
    return this.view.idOf(alias ?? fn.resource);
  }

  private addInvocation(fn: LambdaFunction, { kind, origin, service, at, target, isAsync, access, waitsSeconds }: Invocation): void {
    const from = origin ? this.node(origin, kind, scheduleOf(origin)[0]) : this.serviceNode(service ?? '?', at);
    const config = asyncConfigOf(fn, target.alias);
    const label = [
      ...access && kind !== 'url' ? [access] : [],
      ...kind === 'url' && access ? [access] : [],
      ...waitsSeconds !== undefined && kind !== 'url' ? [duration(waitsSeconds)] : [],
      ...isAsync ? [this.say('retriesAge', { retries: config.retries, age: duration(config.ageSeconds) })] : [],
    ].join(', ');
    this.edge(from, this.entry(fn, target), isAsync ? 'event' : 'request', label, bypassesAlias(fn, target), at === origin ? [] : [at]);
  }

  private addSource(fn: LambdaFunction, { origin, mapping, target, batchSize, kind }: EventSource): void {
    const from = origin
      ? this.node(origin, kindOf(origin, 'stream'))
      : this.serviceNode(shown(patternOf(mapping.get('EventSourceArn')) || kind), mapping);
    const most = mapping.number('ScalingConfig.MaximumConcurrency');
    const label = [this.say('batchOf', { n: batchSize ?? '?' }), ...most === undefined ? [] : [this.say('atMostConcurrent', { n: most })]].join(', ');
    this.edge(from, this.entry(fn, target), 'event', label, bypassesAlias(fn, target), [mapping]);
    const destination = mapping.lacks(ON_FAILURE) ? undefined : mapping.target(ON_FAILURE);
    if (destination) {
      const retries = mapping.number('MaximumRetryAttempts', -1) ?? -1;
      this.edge(from, this.node(destination, kindOf(destination, 'queue')), 'failure', retries >= 0 ? this.say('afterRetries', { n: retries }) : '');
    }
  }

  private addFailures(fn: LambdaFunction): void {
    const targets = new Set(fn.asyncConfigs.map(({ target }) => target.alias));
    if (!fn.resource.lacks('DeadLetterConfig.TargetArn')) targets.add(undefined);
    for (const alias of targets) {
      const { destination, retries, ageSeconds } = asyncConfigOf(fn, alias);
      if (!destination) continue;
      const to = this.node(destination, kindOf(destination, 'queue'));
      this.edge(this.view.idOf(fn.resource), to, 'failure', this.say('retriesAge', { retries, age: duration(ageSeconds) }));
    }
  }

  private addAccesses(fn: LambdaFunction): void {
    const failures = new Set(fn.asyncConfigs.flatMap(({ resource }) => resource.target(ON_FAILURE) ?? []));
    const origins = new Set(fn.sources.flatMap(({ origin }) => origin ?? []));
    const databases = connectsTo(fn);
    for (const access of accessesOf(fn, this.view)) this.addAccess(fn, access, failures, origins);
    const proxied = databases.filter(({ type }) => type === 'AWS::RDS::DBProxy');
    for (const database of proxied.length > 0 ? proxied : databases) {
      const most = concurrencyLimit(fn);
      const label = most === undefined ? '' : this.say('atMostConcurrent', { n: most });
      this.edge(this.view.idOf(fn.resource), this.node(database, kindOf(database, 'database')), 'data', label);
    }
    for (const { target, qualifier, role } of invokeGrantsOf(fn.app)) {
      if (role !== fn.role || role === undefined || target === fn) continue;
      const alias = target.aliases.find(each => each.string('Name') === qualifier);
      const isPast = bypassesAlias(target, { alias, qualifier });
      this.edge(this.view.idOf(fn.resource), this.view.idOf(alias ?? target.resource), 'request', this.say('may_invoke'), isPast);
    }
  }

  private addAccess(fn: LambdaFunction, { resource, words }: Access, failures: ReadonlySet<Resource>, origins: ReadonlySet<Resource>): void {
    if (resource === undefined || !Object.hasOwn(DATA_KINDS, resource.type)) return;
    const kind = DATA_KINDS[resource.type];
    const isDatabase = kind === 'proxy' || kind === 'database';
    const isOwnTraffic = (failures.has(resource) && words.every(word => word === 'send' || word === 'publish'))
      || (origins.has(resource) && words.every(word => ['receive', 'read'].includes(word)));
    if (isDatabase || isOwnTraffic) return;
    const label = words.map(word => this.say(`may_${word}` as Parameters<Say>[0])).join(', ');
    this.edge(this.view.idOf(fn.resource), this.node(resource, kind), 'data', label);
  }

  private addDatabases(): void {
    for (const { proxy, group, databases } of this.view.graphs.flatMap(proxiesOf)) {
      const from = this.node(proxy, 'proxy', undefined, [proxy, ...group ? [group] : []]);
      const percent = group?.number('ConnectionPoolConfigurationInfo.MaxConnectionsPercent', 100);
      for (const database of databases) this.edge(from, this.node(database, 'database'), 'data', percent === undefined ? '' : this.say('percentOfConnections', { n: percent }));
    }
  }

  /** The dead-letter queues of the queues on the map. */
  private addRedrives(): void {
    for (const queue of this.view.ofType('AWS::SQS::Queue')) {
      const { deadLetters, receives } = redriveOf(queue);
      if (deadLetters === undefined || !this.nodes.has(this.view.idOf(queue))) continue;
      this.edge(this.view.idOf(queue), this.node(deadLetters, 'queue'), 'failure', this.say('afterReceives', { n: receives ?? '?' }));
    }
  }

  /** Buses to rules, and topics to queues. */
  private addEvents(): void {
    for (const rule of this.view.ofType('AWS::Events::Rule')) {
      const bus = rule.target('EventBusName');
      if (bus && this.nodes.has(this.view.idOf(rule))) this.edge(this.node(bus, 'bus'), this.view.idOf(rule), 'event', '');
      for (const target of rule.items('Targets')) {
        this.addTarget(rule, target.get('Arn'), 'event');
        this.addTarget(rule, target.get('DeadLetterConfig.Arn'), 'failure');
      }
    }
    for (const subscription of this.view.ofType('AWS::SNS::Subscription')) {
      const [topic, queue] = [subscription.target('TopicArn'), subscription.target('Endpoint')];
      if (!topic || queue?.type !== 'AWS::SQS::Queue' || !this.nodes.has(this.view.idOf(queue))) continue;
      this.edge(this.node(topic, 'topic'), this.view.idOf(queue), 'event', '');
    }
  }

  /** A queue or topic that a rule sends events to, if it is on the map. */
  private addTarget(rule: Resource, arn: Value, kind: EdgeKind): void {
    const target = rule.template.app.resourceOf(arn, rule, 'AWS::SQS::Queue', 'AWS::SNS::Topic');
    if (target && this.nodes.has(this.view.idOf(target))) this.edge(this.node(rule, 'rule'), this.view.idOf(target), kind, '');
  }

  private node(resource: Resource, kind: NodeKind, detail?: string, parts: readonly Resource[] = [resource], functionId?: string): string {
    const id = this.view.idOf(resource);
    const known = this.nodes.get(id);
    if (known !== undefined) return id;
    this.nodes.set(id, {
      id,
      kind,
      detail,
      functionId,
      name: kind === 'alias' ? detail ?? '' : this.view.nameOf(resource),
      path: shown(resource.path),
      template: this.view.stackOf(resource.template.input),
      logicalId: shown(resource.logicalId),
      severity: this.view.severityOf(...parts),
    });
    return id;
  }

  private serviceNode(name: string, at: Resource): string {
    const id = this.services.get(name) ?? `s${this.services.size + 1}`;
    this.services.set(name, id);
    if (!this.nodes.has(id)) this.nodes.set(id, { id, kind: 'service', name, path: name, template: this.view.stackOf(at.template.input), logicalId: '' });
    return id;
  }

  private edge(from: string, to: string, kind: EdgeKind, label: string, isPast = false, parts: readonly Resource[] = []): void {
    if (from === to && kind !== 'failure') return;
    const key = `${from} ${to} ${kind} ${isPast}`;
    const known = this.edges.get(key);
    const severity = this.view.severityOf(...parts) ?? known?.severity;
    const labels = [...new Set([...known?.label ? [known.label] : [], ...label === '' ? [] : [label]])];
    this.edges.set(key, { from, to, kind, label: labels.join('; '), ...isPast && { bypassesAlias: true }, ...severity && { severity } });
  }
}
