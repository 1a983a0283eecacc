import type { Duration } from 'aws-cdk-lib';
import { Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as rds from 'aws-cdk-lib/aws-rds';
import { familyOf } from './database-engine';
import { instanceMaxConnections, leastMaxConnections } from '../aws';
import { DEFAULTS } from '../defaults';

/**
 * The capacity range of an Aurora Serverless v2 database.
 */
export interface ServerlessCapacityOptions {
  /**
   * The minimum capacity: 0 to 256 Aurora capacity units (ACUs), in steps of 0.5. At 0 the database pauses while it is idle;
   * a ProxiedDatabase must have at least 0.5. At 0.5 or less, PostgreSQL accepts at most 2,000 connections.
   *
   * @default - 1 for a ProxiedDatabase, 0 for a DataApiDatabase
   */
  readonly min?: number;

  /**
   * The maximum capacity: 1 to 256 ACUs, in steps of 0.5. It determines how many connections the database accepts.
   *
   * @default - 8 for a ProxiedDatabase, 4 for a DataApiDatabase
   */
  readonly max?: number;

  /**
   * How long a DataApiDatabase must be idle before it pauses: 300 seconds to 1 day. Requires a `min` of 0.
   *
   * @default - Duration.minutes(10) if `min` is 0
   */
  readonly autoPause?: Duration;
}

/** The default range of a database. */
export interface DefaultRange {
  readonly min: number;
  readonly max: number;
}

/** A serverless capacity with the defaults of its database. */
export interface ServerlessRange extends DefaultRange {
  /** @default - not set */
  readonly autoPause?: Duration;
}

export const PROXIED_RANGE = defaultRange(DEFAULTS.ProxiedDatabase);
export const DATA_API_RANGE = defaultRange(DEFAULTS.DataApiDatabase);

/**
 * The capacity of a database: Aurora Serverless v2, or provisioned instances of one type.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 * @example
 * DatabaseCapacity.serverless({ min: 2, max: 32 });
 */
export class DatabaseCapacity {
  /**
   * Aurora Serverless v2, which scales with the load.
   *
   * @param options The capacity range; the defaults depend on the database that uses it
   */
  public static serverless(options: ServerlessCapacityOptions = {}): DatabaseCapacity {
    return new DatabaseCapacity(options);
  }

  /**
   * Provisioned instances of one type, for a steady, known load. Not supported by a DataApiDatabase.
   *
   * @param instanceType The type, such as `ec2.InstanceType.of(ec2.InstanceClass.R8G, ec2.InstanceSize.LARGE)`; not of class T
   */
  public static provisioned(instanceType: ec2.InstanceType): DatabaseCapacity {
    return new DatabaseCapacity({}, instanceType);
  }

  private constructor(private readonly options: ServerlessCapacityOptions, private readonly instanceType?: ec2.InstanceType) {}

  /**
   * How many connections a database of this capacity accepts, as Aurora derives it. Undefined if the number is unknown, for example
   * for instance classes other than R and X. `min` and `max` have the defaults of a ProxiedDatabase.
   *
   * Use it to create a ConnectionBudget for functions that connect without a proxy.
   *
   * @param engine Aurora PostgreSQL or Aurora MySQL
   */
  public maxConnections(engine: rds.IClusterEngine): number | undefined {
    return this._maxConnections(engine, PROXIED_RANGE);
  }

  /**
   * @internal
   */
  public get _instanceType(): ec2.InstanceType | undefined {
    return this.instanceType;
  }

  /**
   * The serverless range, or undefined for provisioned instances.
   *
   * @internal
   */
  public _range(defaults: DefaultRange): ServerlessRange | undefined {
    const { min = defaults.min, max = defaults.max, autoPause } = this.options;
    return this.instanceType ? undefined : { min, max, autoPause };
  }

  /**
   * @internal
   */
  public _maxConnections(engine: rds.IClusterEngine, defaults: DefaultRange): number | undefined {
    const family = familyOf('DatabaseCapacity', engine);
    if (this.instanceType) return instanceMaxConnections(family, this.instanceType.toString());
    const { min, max } = this._range(defaults)!;
    return Token.isUnresolved(min) || Token.isUnresolved(max) ? undefined : leastMaxConnections(family, min, max);
  }
}

function defaultRange({ minCapacity, maxCapacity }: Record<'minCapacity' | 'maxCapacity', { readonly value: number }>): DefaultRange {
  return { min: minCapacity.value, max: maxCapacity.value };
}
