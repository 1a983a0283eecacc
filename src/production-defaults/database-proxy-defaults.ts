import { Duration } from 'aws-cdk-lib';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { NewConstruct } from './defaults-injector';
import { DEFAULTS } from '../defaults';

/** The defaults of a proxy that do not change how its clients log in. */
export function databaseProxyDefaults(props: Partial<rds.DatabaseProxyProps>, proxy: NewConstruct): Partial<rds.DatabaseProxyProps> {
  if (props.borrowTimeout !== undefined) return {};
  const { borrowTimeoutSeconds } = DEFAULTS.ProxiedDatabase;
  return { borrowTimeout: Duration.seconds(proxy.apply('borrowTimeout', borrowTimeoutSeconds.value, borrowTimeoutSeconds)) };
}
