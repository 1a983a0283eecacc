import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { checkCapacity } from './checked-database';
import { familyOf, INSTANCE } from './cluster';
import { type DatabaseFamily, DEFAULTS, instanceMaxConnections, leastMaxConnections } from '../limits';
import { refuse } from '../private/validation';

const D = DEFAULTS.ProxiedDatabase;
const WATCHED = { ...INSTANCE, enablePerformanceInsights: true };

/**
 * Between which capacities a database scales.
 */
export interface ServerlessCapacityOptions {
  /**
   * The least capacity: 0.5 to 256 Aurora capacity units, in halves. 0 is refused, because the proxy's connections keep
   * the database from pausing; and at 0.5 PostgreSQL admits 2,000 connections at most.
   *
   * @default 1
   */
  readonly min?: number;

  /**
   * The greatest capacity: 1 to 256 Aurora capacity units, in halves. It decides how many connections there are.
   *
   * @default 8
   */
  readonly max?: number;
}

/** What a capacity makes of a cluster. */
interface CapacityParts {
  readonly check: (at: string) => void;
  readonly instance: (id: string, insightsRetention?: rds.PerformanceInsightRetention) => rds.IClusterInstance;
  readonly settings: Partial<rds.DatabaseClusterProps>;
  readonly connections: (family: DatabaseFamily) => number | undefined;
  readonly isServerless: boolean;
}

/**
 * How large the instances of a database are.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 * @example
 * DatabaseCapacity.serverless({ min: 2, max: 32 });
 */
export class DatabaseCapacity {
  /**
   * Aurora Serverless v2, which follows the load.
   *
   * @param options Between which capacities
   */
  public static serverless(options: ServerlessCapacityOptions = {}): DatabaseCapacity {
    const { min = D.minCapacity.value, max = D.maxCapacity.value } = options;
    return new DatabaseCapacity({
      check: at => {
        if (min === 0) refuse(at, "'min' must be at least 0.5, got 0, which never pauses behind a proxy; take a DataApiDatabase, which does");
        checkCapacity(at, min, max);
      },
      instance: (id, performanceInsightRetention) =>
        rds.ClusterInstance.serverlessV2(id, { ...WATCHED, performanceInsightRetention, scaleWithWriter: true }),
      settings: { serverlessV2MinCapacity: min, serverlessV2MaxCapacity: max },
      connections: family => Token.isUnresolved(min) || Token.isUnresolved(max) ? undefined : leastMaxConnections(family, min, max),
      isServerless: true,
    });
  }

  /**
   * Instances of one type, for a load that is steady and known.
   *
   * @param instanceType The type, such as `ec2.InstanceType.of(ec2.InstanceClass.R8G, ec2.InstanceSize.LARGE)`
   */
  public static provisioned(instanceType: ec2.InstanceType): DatabaseCapacity {
    return new DatabaseCapacity({
      check: at => {
        // The logins are made through the Data API, which these don't have.
        if (/^t\d/.test(instanceType.toString())) refuse(at, `'instanceType' must not be of class T, got ${instanceType}, for which there is no Data API; take class R or a serverless capacity`);
      },
      instance: (id, performanceInsightRetention) => rds.ClusterInstance.provisioned(id, { ...WATCHED, performanceInsightRetention, instanceType }),
      settings: {},
      connections: family => instanceMaxConnections(family, instanceType.toString()),
      isServerless: false,
    });
  }

  private constructor(private readonly parts: CapacityParts) {}

  /**
   * How many connections a database of this capacity admits, as Aurora derives it; nothing where that is not known here, as for
   * classes other than R and X. For a ConnectionBudget of functions that connect without a proxy.
   *
   * @param engine Aurora PostgreSQL or Aurora MySQL
   */
  public maxConnections(engine: rds.IClusterEngine): number | undefined {
    return this.parts.connections(familyOf('DatabaseCapacity', engine));
  }

  /**
   * @internal
   */
  public get _parts(): CapacityParts {
    return this.parts;
  }
}
