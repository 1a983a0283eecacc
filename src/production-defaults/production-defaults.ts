import { Aspects, PropertyInjectors } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { httpStageDefaults, restApiDefaults } from './api-stage-defaults';
import { AppliedDefaults, type AppliedDefault } from './applied-default';
import { databaseProxyDefaults } from './database-proxy-defaults';
import { DefaultsInjector, exclude, type NewConstruct } from './defaults-injector';
import { functionDefaults, versionDefaults } from './function-defaults';
import { LateCorrections } from './late-corrections';
import type { ProductionDefaultsOptions } from './production-defaults-props';
import { mappingDefaults, queueDefaults } from './queue-defaults';
import { AcrossStages } from '../private/across-stages';
import { INJECTED } from '../private/cdk-internals';
import { refuse } from '../private/validation';

const APPLIED = Symbol.for('cdk-production-lambda.ProductionDefaults.applied');

/**
 * Production defaults for plain constructs of aws-cdk-lib, without a change of the code that creates them.
 *
 * Sets the props that the following constructs below a scope do not set, to the defaults of this library:
 * `lambda.Function` (and NodejsFunction and other subclasses), `lambda.Version`, `sqs.Queue`, event source mappings,
 * `apigwv2.HttpApi`, `apigateway.RestApi` and `rds.DatabaseProxy`. The defaults are memory, timeout, JSON logs with a
 * retention, traces, retained versions, destinations for failed events and messages, TLS, throttles and access logs. A prop
 * takes precedence, also one from a property injector of yours, which is called first. The values of a sandbox differ as its
 * profile says.
 *
 * Logical ids do not change, and no property is set whose change replaces a resource or deletes data. Nothing is set that
 * changes the contract with the code or its callers: architecture, partial batch responses, the login at a proxy, the
 * endpoint type. `explain` lists each value with its reason. A timeout that this class raised above 3 s is lowered as far as
 * a queue or an integration requires.
 *
 * Constructs that were created before `applyTo`, and constructs below a scope with its own property injector for them, get
 * no defaults: call `applyTo` first, and for that scope too. Functions without defaults raise a warning. Lambda@Edge
 * functions and constructs of this library are not changed.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/blueprints.html
 * @example
 * declare const app: App;
 * ProductionDefaults.applyTo(app);
 * const stack = new Stack(app, 'Orders');
 * new sqs.Queue(stack, 'Orders');
 * const applied = ProductionDefaults.explain(app); // each value with its reason, rule and source
 */
export class ProductionDefaults {
  /**
   * Applies the defaults to all constructs that are created below a scope from now on. Throws an error if it is called twice
   * for a scope.
   *
   * @param scope An app, a stage, a stack or any construct
   * @param options The options for this scope
   */
  public static applyTo(scope: IConstruct, options: ProductionDefaultsOptions = {}): void {
    if (APPLIED in scope) refuse(scope.node.path || 'App', "'applyTo' must be called once for a scope, got a second call; remove one of the calls");
    Object.defineProperty(scope, APPLIED, { value: true });
    new AcrossStages(scope, at => Aspects.of(at).add(new LateCorrections(at), { priority: LateCorrections.PRIORITY }));
    const defaults: Record<string, (props: any, construct: NewConstruct) => object> = {
      [INJECTED.function]: (props, construct) => functionDefaults(props, construct, options.architecture),
      [INJECTED.version]: versionDefaults,
      [INJECTED.eventSourceMapping]: mappingDefaults,
      [INJECTED.queue]: queueDefaults,
      [INJECTED.httpStage]: httpStageDefaults,
      [INJECTED.restApi]: restApiDefaults,
      [INJECTED.databaseProxy]: databaseProxyDefaults,
    };
    PropertyInjectors.of(scope).add(...Object.entries(defaults).map(([id, defaultsOf]) => new DefaultsInjector(id, scope, defaultsOf)));
  }

  /**
   * Excludes a scope and all constructs below it, for example a part of the app that another team owns.
   *
   * @param scope A construct below a scope with defaults
   */
  public static exclude(scope: IConstruct): void {
    exclude(scope);
  }

  /**
   * The values that were set below a scope, in order, each with its reason. The values that are set at synth (the
   * dead-letter queue of a function, a timeout that is lowered) are in the list after `app.synth()`.
   *
   * @param scope An app, a stage, a stack or any construct
   */
  public static explain(scope: IConstruct): AppliedDefault[] {
    return AppliedDefaults.of(scope).below(scope);
  }

  private constructor() {}
}
