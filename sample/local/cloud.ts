import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { LocalEntrance } from './entrance/http-entrance';
import { type Route, routesOf } from './entrance/routes';
import { Tokens } from './entrance/tokens';
import type { LocalPython } from './python';
import { type BatchTurn, QueuePoller } from './queue-poller';
import { periodOf } from './schedule';
import { type BusEvent, EventBus } from './services/event-bus';
import { type ProviderOptions, StandInProvider } from './services/provider';
import { type Message, type QueueDefinition, Queues } from './services/queues';
import { Parameters, Secrets } from './services/secrets';
import { PostgresDatabase } from '../../runtime/src/postgres'; // by its path: ts-node does not resolve the `paths` of tsconfig.json
import { ACCOUNT, arn, AssembledStack, DynamoDb, type FaultRule, nodeRuntime, type Physical, Postgres, pythonRuntime, type Resource, RunningFunction } from '../../testing/src';
import { migrate } from '../data/migrate';
import { MIGRATIONS } from '../data/schema';

export interface CloudOptions {
  readonly assembly: CloudAssembly;
  readonly stackName: string;
  /** The Node.js that handlers run under. */
  readonly node: string;
  /** The Python that handlers of its platform run under. Functions in Python do not run when absent. */
  readonly python?: LocalPython;
  /** How many environments of a function run at a time. */
  readonly maxEnvironments: number;
  readonly log?: (source: string, line: string) => void;
  readonly port?: number;
  /** Variables that override the ones of the template. */
  readonly variables?: Record<string, string>;
  /** How long functions may run and messages are hidden, instead of what the template says. */
  readonly timeoutMs?: number;
  readonly visibilityMs?: number;
  /** The code of a function instead of its asset. */
  readonly code?: (functionId: string, asset: string) => string;
  readonly provider?: Omit<ProviderOptions, 'key'>;
  /** By how many milliseconds the clock of a new environment is wrong. */
  readonly skewMs?: () => number;
  /** Whether an environment that goes on after a freeze has lost its connections to the database; none is frozen when absent. */
  readonly losesConnections?: () => boolean;
  readonly onEvent?: (event: BusEvent) => void;
  /** The faults of an invocation by the entrance. */
  readonly faultsOf?: (functionId: string, event: any) => FaultRule | undefined;
  /** What a queue does with a batch. */
  readonly turnOf?: (queue: string, messages: Message[]) => BatchTurn;
}

/** A synthesised stack, running on this machine. */
export class Cloud {
  public static async start(options: CloudOptions): Promise<Cloud> {
    const cloud = new Cloud(options);
    try {
      await cloud.launch();
      return cloud;
    } catch (error) {
      await cloud.stop();
      throw error;
    }
  }

  public readonly stack: AssembledStack;
  public readonly tokens = new Tokens();
  public readonly bus: EventBus;
  public readonly provider: StandInProvider;
  public readonly queues: Queues;
  public readonly secrets: Secrets;
  public readonly functions = new Map<string, RunningFunction>();
  /** What cannot be run here, in words. */
  public readonly remarks: string[] = [];
  public routes: Route[] = [];
  public url = '';
  private readonly pollers: QueuePoller[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private dynamoDb?: DynamoDb;
  private postgres?: Postgres;
  private entrance?: LocalEntrance;

  private constructor(private readonly options: CloudOptions) {
    this.stack = new AssembledStack(options.assembly, options.stackName, this.physical());
    this.bus = new EventBus(options.onEvent);
    this.provider = new StandInProvider({ ...options.provider, key: () => this.valueOfSecret('PROVIDER_KEY_SECRET') });
    this.queues = new Queues(this.stack.ofType('AWS::SQS::Queue').map(([id, queue]) => this.queueDefinition(id, queue)));
    this.secrets = new Secrets();
    for (const [id] of this.stack.ofType('AWS::SecretsManager::Secret')) this.secrets.issue(id);
  }

  public get db(): DynamoDb {
    return this.dynamoDb!;
  }

  public get ledger(): Postgres {
    return this.postgres!;
  }

  /** The one function whose logical id begins like that. */
  public function(prefix: string): RunningFunction {
    const found = [...this.functions.keys()].filter(id => id.startsWith(prefix));
    if (found.length !== 1) throw new Error(`'${prefix}' must be the start of one function's id, got ${found.length} of ${[...this.functions.keys()].join(', ')}`);
    return this.functions.get(found[0])!;
  }

  /** What the provider signs its webhooks with: the value of the secret that the function of the webhook reads. */
  public get webhookSecret(): string {
    return this.valueOfSecret('WEBHOOK_SECRET');
  }


  /** A token that the entrance accepts, with every scope that a route requires. */
  public demoToken(subject: string, seconds = 86_400): string {
    const { issuer, audience } = this.routes.find(({ token }) => token)!.token!;
    const scope = [...new Set(this.routes.flatMap(({ scopes }) => scopes))].join(' ');
    const now = Math.floor(Date.now() / 1_000);
    return this.tokens.sign({ iss: issuer, aud: audience[0], sub: subject, scope, iat: now, exp: now + seconds });
  }

  /** Whether any batch of a queue is being worked on. */
  public get isPolling(): boolean {
    return this.pollers.some(poller => poller.isBusy);
  }

  /** Ends all that was started, and leaves nothing behind. */
  public async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    for (const poller of this.pollers) poller.stop();
    await this.entrance?.stop();
    await Promise.all([...this.functions.values()].map(fn => fn.stop()));
    await Promise.all([this.postgres?.stop(), this.dynamoDb?.stop()]);
  }

  /** The value of the secret whose ARN a function has in this variable. */
  private valueOfSecret(variable: string): string {
    const arns = this.stack.ofType('AWS::Lambda::Function').map(([, { Properties = {} }]) => this.stack.resolve(Properties.Environment?.Variables?.[variable]));
    return this.secrets.valueOf(String(arns.find(found => found)));
  }

  private async launch(): Promise<void> {
    const definitions = this.stack.ofType('AWS::Lambda::Function').filter(([id, resource]) => this.canRun(id, resource));
    const laterUsers = this.laterUsers();
    const isLater = (user: string) => laterUsers.some(({ name }) => name === user);
    const users = definitions.map(([, { Properties = {} }]) => this.stack.resolve(Properties.Environment?.Variables?.PGUSER))
      .filter(user => user && !isLater(user));
    this.dynamoDb = await this.startTables(); // one after the other: each is known to stop() if the next can't start
    this.postgres = await Postgres.start('ledger', [...new Set<string>(['pay', 'settle', 'reconcile', ...users])]);
    await this.applySchema();
    if (laterUsers.length > 0) await this.ledger.query('CREATE ROLE rds_iam'); // RDS has it
    for (const { grant } of laterUsers) for (const statement of grant) await this.ledger.query(statement);
    for (const [id, resource] of definitions) this.functions.set(id, this.functionOf(id, resource));
    this.routes = routesOf(this.stack, functionIdOf);
    this.entrance = new LocalEntrance({
      routes: this.routes,
      tokens: this.tokens,
      invoke: (id, event) => this.functions.get(id)!.invoke(event, this.options.faultsOf?.(id, event)),
      log: this.options.log && (line => this.options.log!('entrance', line)),
    });
    this.url = `http://127.0.0.1:${await this.entrance.listen(this.options.port)}`;
    for (const [, { Properties = {} }] of this.stack.ofType('AWS::Lambda::EventSourceMapping')) this.poll(Properties);
    for (const [id, { Properties = {} }] of this.stack.ofType('AWS::Scheduler::Schedule')) this.schedule(id, Properties.ScheduleExpression, [Properties.Target]);
    for (const [id, { Properties = {} }] of this.stack.ofType('AWS::Events::Rule')) this.schedule(id, Properties.ScheduleExpression, Properties.Targets ?? []);
  }

  /** The users whose statements name tables of the schema: the template creates them after the migration. */
  private laterUsers(): { readonly name: string; readonly grant: string[] }[] {
    const triggers = this.stack.ofType('Custom::Trigger').map(([id]) => id);
    return this.stack.ofType('Custom::DatabaseUser')
      .filter(([, { DependsOn = [] }]) => [DependsOn].flat().some(id => triggers.includes(id)))
      .map(([, { Properties = {} }]) => ({ name: Properties.name, grant: Properties.grant }));
  }

  private canRun(id: string, { Properties = {} }: Resource): boolean {
    if (typeof Properties.Code.S3Key !== 'string') return false;
    if (String(Properties.Runtime).startsWith('nodejs')) return true;
    const [platform, here] = [`${Properties.Runtime} ${Properties.Architectures?.[0] ?? 'x86_64'}`, this.options.python?.platform];
    if (here && platform === `${here.runtime.name} ${here.architecture.name}`) return true;
    this.remarks.push(`${id} does not run here: it is built for ${platform}`);
    return false;
  }

  private startTables(): Promise<DynamoDb> {
    return DynamoDb.start(this.stack.ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map(([name, { Properties = {} }]) => ({
      name, keySchema: Properties.KeySchema, attributes: Properties.AttributeDefinitions,
    })));
  }

  private async applySchema(): Promise<void> {
    const { host, port, database } = this.ledger;
    const owner = new PostgresDatabase({ host, port, database, user: 'postgres', password: '', tls: false });
    await migrate(owner, MIGRATIONS);
    await owner.end();
  }

  private queueDefinition(id: string, { Properties = {} }: Resource): QueueDefinition {
    const redrive = this.stack.resolve(Properties.RedrivePolicy);
    return {
      name: id,
      visibilityMs: this.options.visibilityMs ?? (Properties.VisibilityTimeout ?? 30) * 1_000,
      deadLetters: redrive && { queue: String(redrive.deadLetterTargetArn).split(':').pop()!, maxReceiveCount: Number(redrive.maxReceiveCount) },
    };
  }

  private functionOf(id: string, { Properties = {} }: Resource): RunningFunction {
    const { host, port } = this.ledger;
    const asset = this.stack.assetFolder(Properties.Code.S3Key);
    return new RunningFunction({
      functionName: id,
      functionArn: arn('lambda', `function:${id}:live`),
      taskRoot: this.options.code?.(id, asset) ?? asset,
      handler: Properties.Handler,
      memorySize: Properties.MemorySize ?? 128,
      runtime: Properties.Runtime.startsWith('python') ? pythonRuntime(this.options.python!.path, Properties.Runtime) : nodeRuntime(this.options.node),
      timeoutMs: this.options.timeoutMs ?? (Properties.Timeout ?? 3) * 1_000,
      reservedConcurrency: Properties.ReservedConcurrentExecutions,
      maxEnvironments: this.options.maxEnvironments,
      skewMs: this.options.skewMs,
      losesConnections: this.options.losesConnections,
      log: line => this.options.log?.(id, line),
      services: {
        aws: [this.db, this.queues, this.bus, this.secrets, new Parameters(this.parameterValues())],
        others: [this.provider],
        host,
        port,
      },
      variables: (http, postgres) => ({
        ...this.stack.resolve(Properties.Environment?.Variables ?? {}, this.physical(http)),
        ...this.addresses(Properties, http, postgres),
        ...this.options.variables,
      }),
    });
  }

  /** Where this machine has what the template leaves to AWS or to somebody else. */
  private addresses(properties: Record<string, any>, http: number, postgres: number): Record<string, string> {
    const variables = properties.Environment?.Variables ?? {};
    return {
      ...'PGHOST' in variables && { PGHOST: this.ledger.host, PGPORT: String(postgres), PGDATABASE: this.ledger.database, PGSSLMODE: 'disable' },
      ...'PROVIDER_URL' in variables && { PROVIDER_URL: `http://127.0.0.1:${http}/${this.provider.prefix}` },
    };
  }

  private parameterValues(): Record<string, string> {
    return Object.fromEntries(this.stack.ofType('AWS::SSM::Parameter').map(([id, { Properties = {} }]) => [Properties.Name ?? id, this.stack.resolve(Properties.Value)]));
  }

  private poll(mapping: Record<string, any>): void {
    const source = String(this.stack.resolve(mapping.EventSourceArn));
    if (!source.includes(':sqs:')) return void this.remarks.push(`${source} is not polled here`);
    const queue = this.queues.queue(source.split(':').pop()!);
    this.pollers.push(new QueuePoller({
      queue,
      function: this.functions.get(functionIdOf(this.stack.resolve(mapping.FunctionName)))!,
      batchSize: mapping.BatchSize ?? 10,
      windowMs: (mapping.MaximumBatchingWindowInSeconds ?? 0) * 1_000,
      maxConcurrency: Math.min(mapping.ScalingConfig?.MaximumConcurrency ?? Infinity, this.options.maxEnvironments),
      reportsFailures: (mapping.FunctionResponseTypes ?? []).includes('ReportBatchItemFailures'),
      turn: messages => this.options.turnOf?.(queue.name, messages) ?? {},
    }));
  }

  private schedule(id: string, expression: string | undefined, targets: { Arn: unknown; Input?: unknown }[]): void {
    if (!expression) return;
    const period = periodOf(expression);
    if (period === undefined) return void this.remarks.push(`${id} does not run here: ${expression}`);
    for (const target of targets) {
      const fn = this.functions.get(functionIdOf(this.stack.resolve(target.Arn)));
      if (!fn || this.options.timeoutMs !== undefined) continue; // a run with its own clock invokes its functions
      this.timers.push(setInterval(() => void fn.invoke(JSON.parse(this.stack.resolve(target.Input ?? '{}'))), period));
    }
  }

  /** The values of references, for an environment whose services listen on `port`. */
  private physical(port = 0): Physical {
    return (id, { Type, Properties = {} }, attribute) => {
      if (Type === 'AWS::SQS::Queue' && attribute === undefined) return `http://127.0.0.1:${port}/${ACCOUNT}/${id}`;
      if (Type === 'AWS::Lambda::Alias') return arn('lambda', `function:${this.stack.resolve(Properties.FunctionName)}:${Properties.Name}`);
      if (Type === 'AWS::SSM::Parameter' && attribute === undefined) return Properties.Name;
      return undefined;
    };
  }
}

/** The function's logical id in an ARN, an invocation address or `<function>:<alias>`. */
function functionIdOf(text: string): string {
  return /function:(\w+)/.exec(text)?.[1] ?? text.split(':')[0];
}
