import { Duration } from 'aws-cdk-lib';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { Place } from './floor';
import { DEFAULTS } from '../limits';

/** What a proxy lacks that its clients do not notice: who logs in, and how, stays theirs to decide. */
export function missingOfProxy(given: Partial<rds.DatabaseProxyProps>, place: Place): Partial<rds.DatabaseProxyProps> {
  const { borrowTimeoutSeconds } = DEFAULTS.ProxiedDatabase;
  return {
    ...given.borrowTimeout === undefined && { borrowTimeout: Duration.seconds(place.give('borrowTimeout', borrowTimeoutSeconds.value, borrowTimeoutSeconds)) },
  };
}
