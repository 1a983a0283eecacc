import { App, type AppProps } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { PaymentsStack } from './stacks/payments-stack';

/** The payments platform, with the feature flags that a new CDK project gets. */
export function createApp(props: AppProps = {}): App {
  const app = new App({ ...props, context: { ...recommendedFlags, ...props.context } });
  new PaymentsStack(app, 'Payments');
  return app;
}

if (require.main === module) createApp();
