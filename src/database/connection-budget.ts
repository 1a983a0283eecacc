import { Token } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { ConnectionBudgetEntry, ConnectionBudgetProps } from './connection-budget-props';
import { validateConnectionBudgetEntry, validateConnectionBudgetProps } from './connection-budget-validation';
import { DEFAULTS } from '../defaults';
import { withoutDefaults } from '../private/cdk-internals';
import { definitionOf, reservedConcurrencyOf } from '../private/function-definition';
import { warn } from '../private/validation';

/** The connections of one function, computed when they are read: its reserved concurrency can change until synth. */
interface Line {
  readonly name: string;
  readonly concurrency?: number;
  readonly pool: number;
  readonly connections?: number;
}

/**
 * Compares the connections that functions can open at the same time with the connections that a database accepts. A function that
 * scales out opens more and more connections, until the database rejects all clients.
 *
 * Each function counts with its reserved concurrency × its pool. A ProxiedDatabase creates and enforces its own budget. For
 * functions that connect without a proxy, create a budget and call `enforce`.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-connections.html
 * @example
 * declare const cluster: rds.DatabaseCluster;
 * declare const pay: ProductionFunction;
 * const maxConnections = DatabaseCapacity.serverless({ min: 1, max: 4 }).maxConnections(cluster.engine!);
 * const budget = new ConnectionBudget({ maxConnections, behindProxy: false });
 * budget.addFunction(pay, { pool: 1, maxConcurrency: 20 });
 * budget.enforce(cluster);
 * budget.toTable();
 */
export class ConnectionBudget {
  private readonly entries = new Map<lambda.IFunction, { pool: number; maxConcurrency?: number }>();
  private readonly maxConnections?: number;
  private readonly percent: number;
  private readonly versions: number;

  constructor(props: ConnectionBudgetProps = {}) {
    validateConnectionBudgetProps(props);
    const { maxConnections, connectionsPercent = DEFAULTS.ProxiedDatabase.maxConnectionsPercent.value, behindProxy = true } = props;
    this.maxConnections = Token.isUnresolved(maxConnections) || Token.isUnresolved(connectionsPercent) ? undefined : maxConnections;
    this.percent = connectionsPercent;
    this.versions = behindProxy ? 1 : 2;
  }

  /**
   * How many connections all functions together may open. Undefined if the number of connections of the database is unknown.
   */
  public get available(): number | undefined {
    return this.maxConnections === undefined ? undefined : Math.floor((this.maxConnections * this.percent) / 100);
  }

  /**
   * How many connections the functions open at most. Functions without a known limit are not counted.
   */
  public get taken(): number {
    return this.lines.reduce((sum, { connections = 0 }) => sum + connections, 0);
  }

  /**
   * The functions without a known limit on their concurrency.
   */
  public get unbounded(): lambda.IFunction[] {
    return [...this.entries.keys()].filter(fn => this.lineOf(fn).connections === undefined);
  }

  /**
   * Adds a function. A second call adds another pool of the same function.
   *
   * @param fn The function
   * @param entry The connections of the function
   * @returns The entry of the function: its pools together, and the lower of its reserved concurrency and `maxConcurrency`
   */
  public addFunction(fn: lambda.IFunction, entry: ConnectionBudgetEntry = {}): ConnectionBudgetEntry {
    validateConnectionBudgetEntry(fn.node.path, entry);
    const { pool = 1, maxConcurrency } = entry;
    const key = definitionOf(fn) ?? fn;
    const before = this.entries.get(key);
    this.entries.set(key, { pool: pool + (before?.pool ?? 0), maxConcurrency: maxConcurrency ?? before?.maxConcurrency });
    const line = this.lineOf(key);
    return { pool: line.pool, maxConcurrency: line.concurrency };
  }

  /**
   * The budget as text, with one line for each function.
   */
  public toTable(): string {
    const rows = this.lines.map(line => [line.name, line.concurrency === undefined ? 'no limit' : this.product(line), `${line.connections ?? '?'}`]);
    const { available } = this;
    const of = available === undefined ? 'of an unknown number' : `of ${available} (${this.percent} % of ${this.maxConnections})`;
    const width = (column: number) => Math.max(0, ...rows.map(row => row[column].length));
    const lines = rows.map(([name, sum, connections]) => [name.padEnd(width(0)), sum.padEnd(width(1)), connections.padStart(width(2))].join('  '));
    return [...lines, `${this.taken} connections ${of}`].join('\n');
  }

  /**
   * Fails the synth if the functions exceed the budget, with the sum in the message, and names the functions without a limit in a
   * warning (`cdk-production-lambda:ConnectionBudget.unboundedConcurrency`). Functions that are added later count too.
   *
   * @param scope The construct that reports the problem, such as the cluster
   */
  public enforce(scope: IConstruct): void {
    scope.node.addValidation({
      validate: () => {
        this.warnOfUnboundedConcurrency(scope);
        return this._findProblems();
      },
    });
  }

  /**
   * @internal
   */
  public _findProblems(): string[] {
    const { available, taken } = this;
    if (available === undefined || taken <= available) return [];
    const known = this.lines.filter(({ connections }) => connections !== undefined);
    const sum = known.map(line => `${line.name} ${this.product(line)} = ${line.connections}`).join(', ');
    return [`the functions together must open at most ${available} connections (${this.percent} % of ${this.maxConnections}), got ${taken} (${sum}); `
      + 'lower the concurrency of the functions or raise the capacity'];
  }

  private warnOfUnboundedConcurrency(scope: IConstruct): void {
    const names = this.lines.filter(({ connections }) => connections === undefined).map(({ name }) => name);
    if (names.length === 0) return;
    warn(scope, 'ConnectionBudget.unboundedConcurrency',
      `the number of connections of these functions is unlimited: ${names.join(', ')}; `
      + "reserve concurrency, or set 'maxConcurrency' when you connect them");
  }

  private get lines(): Line[] {
    return [...this.entries.keys()].map(fn => this.lineOf(fn));
  }

  private product({ concurrency, pool }: Line): string {
    return `${concurrency} × ${pool}${this.versions > 1 ? ` × ${this.versions} versions` : ''}`;
  }

  private lineOf(fn: lambda.IFunction): Line {
    const { pool, maxConcurrency } = this.entries.get(fn)!;
    const limits = [reservedConcurrencyOf(fn), maxConcurrency].filter((limit): limit is number => limit !== undefined && !Token.isUnresolved(limit));
    const concurrency = limits.length > 0 ? Math.min(...limits) : undefined;
    const isKnown = concurrency !== undefined && !Token.isUnresolved(pool);
    return { name: withoutDefaults(fn.node.path), concurrency, pool, connections: isKnown ? concurrency * pool * this.versions : undefined };
  }
}
