import type * as rds from 'aws-cdk-lib/aws-rds';
import type { DatabaseFamily } from '../aws';
import { refuse } from '../private/validation';

const PORT = { postgresql: 5432, mysql: 3306 };

/** The cluster parameter that forces TLS, for each engine. */
export const FORCE_TLS: Record<DatabaseFamily, [name: string, value: string]> = {
  postgresql: ['rds.force_ssl', '1'],
  mysql: ['require_secure_transport', 'ON'],
};

export function familyOf(path: string, engine: rds.IClusterEngine): DatabaseFamily {
  const family = /^aurora-(postgresql|mysql)$/.exec(engine.engineType)?.[1] as DatabaseFamily | undefined;
  return family
    ?? refuse(path, `'engine' must be Aurora PostgreSQL or Aurora MySQL, got '${engine.engineType}'; use rds.DatabaseClusterEngine.auroraPostgres()`);
}

export function portOf(family: DatabaseFamily): number {
  return PORT[family];
}
