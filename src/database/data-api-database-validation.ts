import { Token } from 'aws-cdk-lib';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { DataApiDatabaseProps } from './data-api-database-props';
import { DATA_API_RANGE, DatabaseCapacity, type ServerlessRange } from './database-capacity';
import { familyOf } from './database-engine';
import { validateDatabaseProps, validateServerlessRange } from './database-validation';
import { RDS, versionsInstead } from '../aws';
import { refuse, requireDuration } from '../private/validation';

/** Validates the props of a DataApiDatabase. */
export function validateDataApiDatabaseProps(path: string, props: DataApiDatabaseProps): void {
  const { engine, capacity = DatabaseCapacity.serverless() } = props;
  validateDatabaseProps(path, props);
  const range = capacity._range(DATA_API_RANGE)
    ?? refuse(path, `'capacity' must be serverless, got instances of type ${capacity._instanceType}; use DatabaseCapacity.serverless()`);
  validateServerlessRange(path, range);
  validateEngineCanPause(path, range, engine);
  validateAutoPause(path, range);
}

function validateEngineCanPause(path: string, { min }: ServerlessRange, engine: rds.IClusterEngine): void {
  const version = engine.engineVersion!.fullVersion!;
  const others = versionsInstead('auto-pause', familyOf(path, engine), version);
  if (min !== 0 || !others) return;
  refuse(path, `'capacity.min' must be at least 0.5 with ${engine.engineType} ${version}, got 0; `
    + `raise it, or use version ${others.join(', ')} or later, which can pause`);
}

function validateAutoPause(path: string, { min, autoPause }: ServerlessRange): void {
  requireDuration(path, 'capacity.autoPause', autoPause, RDS.autoPauseMinSeconds, RDS.autoPauseMaxSeconds);
  if (!autoPause || Token.isUnresolved(min) || min === 0) return;
  refuse(path, `'capacity.autoPause' must be set only with a 'capacity.min' of 0, got ${min}; Aurora pauses at 0 only, remove one`);
}
