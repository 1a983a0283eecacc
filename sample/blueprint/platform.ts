import { Annotations, App, type AppProps, type Expiration, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import type { Construct } from 'constructs';
import {
  AlarmActions, ProductionChecks, ProductionDefaults, ProductionFunction, type ProductionFunctionProps, Profile,
} from '../../src';

/** What a product team states about a service. */
export interface ServiceProps {
  readonly team: string;
  readonly service: string;
  /** The owner and expiry of a sandbox. Without it, the stack is production. */
  readonly sandbox?: { readonly owner: string; readonly expires: Expiration };
}

/** An app on the platform of Acme: the feature flags of a new project, and the checks for the whole app. */
export class AcmeApp extends App {
  constructor(props: AppProps = {}) {
    super({ ...props, context: { ...recommendedFlags, ...props.context } });
    Validations.of(this).addPlugins(new ProductionChecks());
  }
}

/**
 * A stack on the platform of Acme: its name, its tags, its profile, the permissions boundary of every role, the topic of
 * every alarm, and production defaults for plain constructs.
 */
export class AcmeStack extends Stack {
  public readonly service: string;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    const { team, service, sandbox } = props;
    if (!/^[a-z][a-z0-9-]{1,30}$/.test(service)) throw new Error(`'service' must be 2 to 31 lower case letters, digits or hyphens, got '${service}' (at ${scope.node.path}/${id})`);
    super(scope, id, { stackName: ['acme', service, sandbox?.owner ?? 'production'].join('-') });
    this.service = service;
    const tags = { 'acme:team': team, 'acme:service': service };
    const profile = sandbox
      ? Profile.sandbox({ ...sandbox, tags })
      : Profile.production({ logRetention: logs.RetentionDays.THREE_MONTHS, tags });
    profile.applyTo(this);
    ProductionDefaults.applyTo(this);
    iam.PermissionsBoundary.of(this).apply(iam.ManagedPolicy.fromManagedPolicyName(this, 'Boundary', 'acme-workload-boundary'));
    if (sandbox) Validations.of(this).acknowledge({ id: 'ProductionChecks::LP-F60', reason: 'no one is on call for a sandbox' });
    else AlarmActions.of(this).addTopic(sns.Topic.fromTopicArn(this, 'OnCall', this.formatArn({ service: 'sns', resource: `acme-on-call-${team}` })));
  }
}

/** A function on the platform of Acme: one runtime, alarms with a page in the runbook, the service in its log. */
export class AcmeFunction extends ProductionFunction {
  constructor(scope: AcmeStack, id: string, props: Partial<ProductionFunctionProps> & Pick<ProductionFunctionProps, 'code'>) {
    super(scope, id, {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      alarms: { runbook: `https://runbooks.acme.example/${scope.service}/${id.toLowerCase()}` },
      ...props,
      environment: { POWERTOOLS_SERVICE_NAME: scope.service, ...props.environment },
    });
    if (props.functionName) Annotations.of(this).addError("'functionName' must not be set on this platform: a fixed name collides with the name in a second stack");
  }
}
