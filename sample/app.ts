import { App, type AppProps } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { PaymentsStack } from './stacks/payments-stack';

/** The payments platform, with the feature flags that a new CDK project gets. `-c providerUrl=https://…` says who charges. */
export function createApp(props: AppProps = {}): App {
  const app = new App({ ...props, context: { ...recommendedFlags, ...props.context } });
  new PaymentsStack(app, 'Payments', { providerUrl: app.node.tryGetContext('providerUrl') ?? 'https://provider.example.com/v1' });
  return app;
}

if (require.main === module) createApp();
