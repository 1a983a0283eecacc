import type { CostGroup, CostLine, Range } from '../cost/arithmetic';
import type { FunctionTraffic } from '../cost/traffic';

/** The version of the data, which rises when a field changes its meaning. docs/readiness.schema.json describes the data. */
export const DATA_VERSION = 1;

export type Severity = 'error' | 'warning' | 'info';

export type NodeKind =
  'api' | 'url' | 'balancer' | 'schedule' | 'rule' | 'topic' | 'bucket' | 'queue' | 'stream' | 'table' | 'database' | 'proxy'
  | 'secret' | 'bus' | 'alias' | 'function' | 'states' | 'pool' | 'service';

/** A resource on the map. */
export interface MapNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  readonly path: string;
  /** The stack, or the file of the template. */
  readonly template: string;
  readonly logicalId: string;
  readonly detail?: string;
  /** The id of the function that an alias belongs to. */
  readonly functionId?: string;
  /** The highest severity of its findings. */
  readonly severity?: Severity;
}

export type EdgeKind = 'request' | 'event' | 'data' | 'failure' | 'release';

/** An arrow of the map, from the caller to the target. */
export interface MapEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly label: string;
  /** The caller invokes `$LATEST` although the function has an alias. */
  readonly bypassesAlias?: boolean;
  readonly severity?: Severity;
}

/** How long one step of a request may take. */
export interface TimeoutStep {
  readonly label: string;
  readonly seconds: number;
}

/** One attempt of a retry time line. */
export interface Attempt {
  readonly label: string;
  readonly atSeconds: number;
}

/** What happens to an event or message that fails. */
export interface FailurePath {
  readonly text: string;
  readonly attempts: readonly Attempt[];
  /** The end of the time line; after it, the event is given to the destination or lost. */
  readonly endSeconds?: number;
  readonly destination?: string;
}

export interface ReleaseStep {
  readonly minute: number;
  readonly percent: number;
}

/** What the release alarms do with a version, by simulation. */
export interface ReleaseOutcome {
  readonly rolledBackPercent: number;
  readonly minutesToRollback?: number;
  readonly failedRequests?: number;
}

export interface ReleaseAtTraffic {
  readonly requestsPerMinute: number;
  readonly totalFailure: ReleaseOutcome;
  readonly partialFailure: ReleaseOutcome;
  readonly healthy: ReleaseOutcome;
}

export interface ReleaseData {
  readonly alias: string;
  /** The alias's path. */
  readonly path: string;
  readonly text: string;
  readonly steps: readonly ReleaseStep[];
  /** Minutes from the first to the last shift. */
  readonly shiftMinutes?: number;
  readonly hooks: readonly string[];
  readonly outcomes: readonly ReleaseAtTraffic[];
  /** Why there is no simulation. */
  readonly notSimulated?: string;
}

/** What a role may do. */
export interface GrantData {
  readonly access: string;
  readonly on: string;
  readonly isWide: boolean;
}

export interface PackageData {
  readonly bytes: number;
  readonly parts: readonly { readonly path: string; readonly bytes: number }[];
}

export interface CallerData {
  readonly text: string;
  readonly bypassesAlias: boolean;
}

export interface FunctionData {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly template: string;
  readonly logicalId: string;
  readonly runtime: string;
  readonly runtimeEnd?: { readonly date: string; readonly state: 'supported' | 'soon' | 'ended' };
  readonly architecture: string;
  readonly memoryMiB?: number;
  readonly timeoutSeconds?: number;
  readonly reservedConcurrency?: number;
  readonly provisionedConcurrency?: Range;
  readonly coldStart: 'on-demand' | 'snap-start' | 'provisioned' | 'managed-instances';
  readonly callers: readonly CallerData[];
  readonly timeouts: readonly TimeoutStep[];
  readonly release?: ReleaseData;
  readonly alarms: readonly string[];
  readonly failures: readonly FailurePath[];
  readonly grants: readonly GrantData[];
  /** Whether the template contains all permissions of the role. */
  readonly grantsComplete: boolean;
  readonly package?: PackageData;
  readonly environment: readonly string[];
  readonly traffic: FunctionTraffic;
  readonly cost: FunctionCost;
  readonly findings: readonly number[];
}

export interface FunctionCost {
  readonly perMillion: CostGroup;
  /** Of the stated traffic of a month. */
  readonly perMonth: Range;
}

/** One share of a budget. */
export interface BudgetPart {
  readonly label: string;
  /** Undefined if nothing limits it. */
  readonly value?: number;
  readonly arithmetic: string;
}

export interface Budget {
  readonly kind: 'connections' | 'concurrency' | 'resources' | 'template' | 'policy';
  readonly label: string;
  readonly unit: string;
  readonly parts: readonly BudgetPart[];
  readonly used: number;
  readonly limit?: number;
  readonly limitText: string;
  readonly source: string;
  /** What to do before the limit is reached. */
  readonly advice?: string;
}

export interface EntranceCost {
  readonly path: string;
  readonly name: string;
  readonly perMillion: CostGroup;
}

export interface EntranceChoice {
  readonly name: string;
  readonly perMonth: CostLine;
  readonly isUsed: boolean;
  readonly isCheapest: boolean;
}

export interface BreakEven {
  readonly title: string;
  readonly text: string;
  readonly arithmetic: string;
}

export interface PriceData {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly source: string;
  /** The month in which the price was compared with a copy of its source. */
  readonly compared?: string;
}

export interface CostData {
  readonly pricesAsOf: string;
  readonly region: string;
  readonly isTrafficStated: boolean;
  readonly standing: readonly CostGroup[];
  readonly standingTotal: Range;
  readonly trafficTotal: Range;
  readonly entrances: readonly EntranceCost[];
  readonly choices: readonly EntranceChoice[];
  readonly breakEvens: readonly BreakEven[];
  /** The prices that the numbers use. */
  readonly prices: readonly PriceData[];
  /** What costs and is not in the numbers. */
  readonly notPriced: readonly string[];
}

export type ItemState = 'held' | 'not-held' | 'not-visible' | 'not-applicable';

export interface ChecklistItem {
  readonly id: string;
  readonly text: string;
  readonly state: ItemState;
  /** What holds it, or the rules whose findings say that it is not held. */
  readonly by: string;
}

export interface ChecklistData {
  readonly title: string;
  readonly source: string;
  readonly items: readonly ChecklistItem[];
}

export interface FindingData {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly template: string;
  readonly line: number;
  readonly path: string;
  readonly function: string;
  readonly message: string;
  readonly documentation: string;
  /** Why the finding is accepted. */
  readonly acknowledged?: string;
}

/** A finding of another tool that the cloud assembly contains. */
export interface OtherFinding {
  readonly plugin: string;
  readonly rule: string;
  readonly severity?: string;
  readonly count: number;
}

export interface SummaryData {
  readonly functions: number;
  readonly stacks: number;
  readonly resources: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly acknowledged: number;
  /** What the report did not look at. */
  readonly notSeen: readonly string[];
}

export interface StackData {
  readonly name: string;
  readonly resources: number;
  readonly bytes: number;
}

export interface ReportData {
  readonly version: number;
  readonly name: string;
  readonly language: 'en' | 'ja';
  readonly summary: SummaryData;
  readonly stacks: readonly StackData[];
  readonly map: { readonly nodes: readonly MapNode[]; readonly edges: readonly MapEdge[] };
  readonly functions: readonly FunctionData[];
  readonly budgets: readonly Budget[];
  readonly cost: CostData;
  readonly checklists: readonly ChecklistData[];
  readonly findings: readonly FindingData[];
  readonly others: readonly OtherFinding[];
  readonly othersAcknowledged: readonly { readonly rule: string; readonly reason: string }[];
}
