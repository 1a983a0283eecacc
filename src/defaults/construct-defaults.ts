import { DATABASE_DEFAULTS } from './database-defaults';
import { GUIDE, row } from './default-row';
import { DELIVERY_DEFAULTS } from './delivery-defaults';
import { ENTRANCE_DEFAULTS } from './entrance-defaults';
import { FAILURE_DEFAULTS } from './failure-defaults';
import { FUNCTION_DEFAULTS } from './function-defaults';

/**
 * The default values of the library by construct. Constructs read their values here, docs/DEFAULTS.md is generated from it, and
 * tests compare each row with the synthesised template and require a row for each value.
 */
export const DEFAULTS = {
  ...FUNCTION_DEFAULTS,
  ...FAILURE_DEFAULTS,
  ...ENTRANCE_DEFAULTS,
  ...DATABASE_DEFAULTS,
  ...DELIVERY_DEFAULTS,
  /** Of each alarm that a construct creates. */
  Alarm: {
    treatMissingData: row('notBreaching', 'missing', 'without traffic there is no data, and no problem', `${GUIDE.cloudWatch}/alarms-and-missing-data.html`),
  },
} as const;
