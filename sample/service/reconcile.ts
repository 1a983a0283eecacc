import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { parts } from './parts';
import { Reconciliation, type ReconciliationParts, type Reconciled } from './reconciliation';
import { Provider } from '../provider/provider';
import { Deadline, logger, metrics, observed, required, requiredNumber } from 'cdk-production-lambda-runtime';
import { secret } from 'cdk-production-lambda-runtime/secrets';

/** The parts, configured by the stack. */
export function reconcileParts(): ReconciliationParts {
  return {
    ...parts(),
    provider: new Provider({ url: required('PROVIDER_URL'), key: secret('PROVIDER_KEY_SECRET') }),
    patience: { stuckSeconds: requiredNumber('STUCK_AFTER_SECONDS'), abandonSeconds: requiredNumber('ABANDON_AFTER_SECONDS') },
  };
}

/** The function that the reconciliation schedule invokes. */
export function reconcileHandler(ready: ReconciliationParts) {
  const reconciliation = new Reconciliation(ready);
  return observed(async (_event: unknown, context): Promise<Reconciled> => {
    const done = await reconciliation.run(Deadline.of(context));
    metrics.addMetric('PaymentsNotReconciled', MetricUnit.Count, done.failed);
    metrics.addMetric('PaymentsBookedLate', MetricUnit.Count, done.booked);
    logger.info('reconciled', { ...done });
    return done;
  });
}
