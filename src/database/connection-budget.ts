import { Token, Validations } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { DEFAULTS } from '../limits';
import { withoutDefaults } from '../private/construct-path';
import { definitionOf, reservedConcurrencyOf } from '../private/function-definition';

/**
 * What a budget is drawn on.
 */
export interface ConnectionBudgetProps {
  /**
   * How many connections the database admits in all.
   *
   * @default - not known: nothing is refused, and the table says so
   */
  readonly maxConnections?: number;

  /**
   * The share of them, in percent, that functions may take together: 1 to 100. The rest is for migrations and people.
   *
   * @default 80
   */
  readonly connectionsPercent?: number;

  /**
   * Whether a proxy shares the connections among those who use one right now. Without one each environment keeps its
   * own, and while traffic shifts to a new version those of both versions do: they count twice.
   *
   * @default true
   */
  readonly behindProxy?: boolean;
}

/**
 * What one function takes of a budget.
 */
export interface ConnectionBudgetEntry {
  /**
   * Connections in each execution environment.
   *
   * @default 1
   */
  readonly pool?: number;

  /**
   * How many environments there are at most, where the function has no reserved concurrency: for example the sum of
   * `maxConcurrency` of the queues that invoke it.
   *
   * @default - the reserved concurrency of the function
   */
  readonly maxConcurrency?: number;
}

/** A line of the sum, as it stands when it is asked for. */
interface Line {
  readonly name: string;
  readonly concurrency?: number;
  readonly pool: number;
  readonly connections?: number;
}

/**
 * The connections that functions may take at the same time, against those that a database has. A function that scales
 * opens more and more of them, until the database refuses all its users.
 *
 * Each function takes its reserved concurrency × its pool. A ProxiedDatabase keeps and enforces a budget of its own. For functions
 * that connect without a proxy make one, and `enforce` it.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-connections.html
 * @example
 * declare const cluster: rds.DatabaseCluster;
 * declare const pay: ProductionFunction;
 * const maxConnections = DatabaseCapacity.serverless({ min: 1, max: 4 }).maxConnections(cluster.engine!);
 * const budget = new ConnectionBudget({ maxConnections, behindProxy: false });
 * budget.add(pay, { pool: 1, maxConcurrency: 20 });
 * budget.enforce(cluster);
 * budget.toTable();
 */
export class ConnectionBudget {
  private readonly entries = new Map<lambda.IFunction, { pool: number; maxConcurrency?: number }>();
  private readonly maxConnections?: number;
  private readonly percent: number;
  private readonly times: number;

  constructor(props: ConnectionBudgetProps = {}) {
    const { maxConnections, connectionsPercent = DEFAULTS.ProxiedDatabase.maxConnectionsPercent.value, behindProxy = true } = props;
    checkWhole('maxConnections', maxConnections);
    checkWhole('connectionsPercent', connectionsPercent);
    if (!Token.isUnresolved(connectionsPercent) && connectionsPercent > 100) {
      throw new Error(`'connectionsPercent' must be at most 100, got ${connectionsPercent}; lower it`);
    }
    this.maxConnections = Token.isUnresolved(maxConnections) || Token.isUnresolved(connectionsPercent) ? undefined : maxConnections;
    this.percent = connectionsPercent;
    this.times = behindProxy ? 1 : 2;
  }

  /**
   * How many connections functions may take together; nothing where the database's are not known.
   */
  public get available(): number | undefined {
    return this.maxConnections === undefined ? undefined : Math.floor((this.maxConnections * this.percent) / 100);
  }

  /**
   * How many connections the functions take at most, as far as that is known.
   */
  public get taken(): number {
    return this.lines.reduce((sum, { connections = 0 }) => sum + connections, 0);
  }

  /**
   * The functions whose concurrency has no bound that is known here.
   */
  public get unbounded(): lambda.IFunction[] {
    return [...this.entries.keys()].filter(fn => this.lineOf(fn).connections === undefined);
  }

  /**
   * Enters a function; again for another pool of the same function.
   *
   * @param fn The function
   * @param entry What it takes
   */
  public add(fn: lambda.IFunction, entry: ConnectionBudgetEntry = {}): void {
    const { pool = 1, maxConcurrency } = entry;
    checkWhole('pool', pool);
    checkWhole('maxConcurrency', maxConcurrency);
    const key = definitionOf(fn) ?? fn;
    const before = this.entries.get(key);
    this.entries.set(key, { pool: pool + (before?.pool ?? 0), maxConcurrency: maxConcurrency ?? before?.maxConcurrency });
  }

  /**
   * The sum as a person reads it, a line for each function.
   */
  public toTable(): string {
    const rows = this.lines.map(line => [line.name, line.concurrency === undefined ? 'no bound' : this.product(line), `${line.connections ?? '?'}`]);
    const { available } = this;
    const of = available === undefined ? 'of an unknown number' : `of ${available} (${this.percent} % of ${this.maxConnections})`;
    const width = (column: number) => Math.max(0, ...rows.map(row => row[column].length));
    const lines = rows.map(([name, sum, connections]) => `${name.padEnd(width(0))}  ${sum.padEnd(width(1))}  ${connections.padStart(width(2))}`);
    return [...lines, `${this.taken} connections ${of}`].join('\n');
  }

  /**
   * Refuses at synth what goes beyond the budget, with the sum, and names the functions that nothing bounds in a warning
   * (`cdk-production-lambda:ConnectionBudget.unboundedConcurrency`). What is entered until then counts.
   *
   * @param scope Who is said to have the problem, such as the cluster
   */
  public enforce(scope: IConstruct): void {
    scope.node.addValidation({
      validate: () => {
        this.warnOfUnbounded(scope);
        return this._findProblems();
      },
    });
  }

  /**
   * What is wrong with the sum.
   *
   * @internal
   */
  public _findProblems(): string[] {
    const { available, taken } = this;
    if (available === undefined || taken <= available) return [];
    const known = this.lines.filter(({ connections }) => connections !== undefined);
    const sum = known.map(line => `${line.name} ${this.product(line)} = ${line.connections}`).join(', ');
    return [`the functions may take at most ${available} connections together (${this.percent} % of ${this.maxConnections}), got ${taken} (${sum}); `
      + 'lower the concurrency of the functions or raise the capacity'];
  }

  private warnOfUnbounded(scope: IConstruct): void {
    const names = this.lines.filter(({ connections }) => connections === undefined).map(({ name }) => name);
    if (names.length === 0) return;
    Validations.of(scope).addWarning('cdk-production-lambda:ConnectionBudget.unboundedConcurrency',
      `nothing bounds how many connections these functions take: ${names.join(', ')}; reserve concurrency or state 'maxConcurrency' when you connect them`);
  }

  private get lines(): Line[] {
    return [...this.entries.keys()].map(fn => this.lineOf(fn));
  }

  private product({ concurrency, pool }: Line): string {
    return `${concurrency} × ${pool}${this.times > 1 ? ` × ${this.times} versions` : ''}`;
  }

  private lineOf(fn: lambda.IFunction): Line {
    const { pool, maxConcurrency } = this.entries.get(fn)!;
    const bounds = [reservedConcurrencyOf(fn), maxConcurrency].filter((bound): bound is number => bound !== undefined && !Token.isUnresolved(bound));
    const concurrency = bounds.length > 0 ? Math.min(...bounds) : undefined;
    const isKnown = concurrency !== undefined && !Token.isUnresolved(pool);
    return { name: withoutDefaults(fn.node.path), concurrency, pool, connections: isKnown ? concurrency * pool * this.times : undefined };
  }
}

function checkWhole(prop: string, value: number | undefined): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (!Number.isInteger(value) || value < 1) throw new Error(`'${prop}' must be a whole number of at least 1, got ${value}`);
}
