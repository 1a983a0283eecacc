import { App, type AppProps } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { PaymentsStack } from './stacks/payments-stack';
import { REPORTS_PLATFORM, type ReportsPlatform } from './stacks/reports';

export interface SampleProps extends AppProps {
  /**
   * The platform of the reports, which are in Python.
   *
   * @default - the platform on AWS with the context `reports`, otherwise no reports
   */
  readonly reports?: ReportsPlatform;
}

/**
 * The payments platform, with the feature flags of a new CDK project. `-c providerUrl=https://…` sets the payment provider, and
 * `-c reports=true` adds the reports, whose packages come from PyPI.
 */
export function createApp({ reports, ...props }: SampleProps = {}): App {
  const app = new App({ ...props, context: { ...recommendedFlags, ...props.context } });
  new PaymentsStack(app, 'Payments', {
    providerUrl: app.node.tryGetContext('providerUrl') ?? 'https://provider.example.com/v1',
    reports: reports ?? (String(app.node.tryGetContext('reports')) === 'true' ? REPORTS_PLATFORM : undefined),
  });
  return app;
}

if (require.main === module) createApp();
