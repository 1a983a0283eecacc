import { App, type AppProps } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { PaymentsStack } from './stacks/payments-stack';

/** The payments platform, with the feature flags of a new CDK project. `-c providerUrl=https://…` sets the payment provider. */
export function createApp(props: AppProps = {}): App {
  const app = new App({ ...props, context: { ...recommendedFlags, ...props.context } });
  new PaymentsStack(app, 'Payments', { providerUrl: app.node.tryGetContext('providerUrl') ?? 'https://provider.example.com/v1' });
  return app;
}

if (require.main === module) createApp();
