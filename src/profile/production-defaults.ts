import { Aspects, PropertyInjectors } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { missingOfHttpStage, missingOfRestApi } from './entrance-floor';
import { Floor, leaveOut, type Place } from './floor';
import { missingOfFunction, missingOfVersion } from './function-floor';
import { Given, type GivenDefault } from './given-default';
import { missingOfProxy } from './proxy-floor';
import { missingOfMapping, missingOfQueue } from './queue-floor';
import { SettledAtSynth } from './settled-at-synth';
import { AcrossStages } from '../private/across-stages';
import { refuse } from '../private/validation';

const APPLIED = Symbol.for('cdk-production-lambda.ProductionDefaults.applied');

/**
 * What is chosen for the plain constructs of a scope.
 */
export interface ProductionDefaultsOptions {
  /**
   * The architecture of functions that state none. Only of those whose package is code for a managed runtime, without
   * layers; whether it holds native modules of another architecture can't be seen from here, so it is left alone unless
   * you say so.
   *
   * @default - left as it is
   */
  readonly architecture?: lambda.Architecture;
}

/**
 * The floor of production for plain constructs of aws-cdk-lib, without a change of the code that makes them.
 *
 * Below the scope, what a `lambda.Function` (`NodejsFunction` and the other classes made of it), `lambda.Version`,
 * `sqs.Queue`, event source mapping, `apigwv2.HttpApi`, `apigateway.RestApi` and `rds.DatabaseProxy` leave out is filled
 * in with the defaults of this library: memory, timeout, JSON logs with an end, traces, versions that are kept, a place
 * for failed events and messages, TLS, throttle and access log. A prop that is given always wins, also one from a
 * property injector of yours, which is asked first. Values that depend on it follow the profile of the scope.
 *
 * Logical ids stay, and no property is touched whose change replaces a resource or deletes data. What would be a change
 * of contract with the code or its callers is left out: architecture, partial batch responses, the login at a proxy,
 * the endpoint type. `explain` lists what each construct got and why. What stands above 3 s of timeout because of this
 * is taken back as far as a queue or an integration that was given less requires.
 *
 * Constructs made before `applyTo` are not reached, nor those below a scope with a property injector of its own for them:
 * call it first, and for such a scope too; functions that got nothing are a warning. Functions at the edge are left alone,
 * and constructs of this library are not changed.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/blueprints.html
 * @example
 * declare const app: App;
 * ProductionDefaults.applyTo(app);
 * const stack = new Stack(app, 'Orders');
 * new sqs.Queue(stack, 'Orders');
 * const given = ProductionDefaults.explain(app); // each value with its reason, rule and source
 */
export class ProductionDefaults {
  /**
   * Gives the floor to all that is made below a scope from now on. Refused a second time for the same scope.
   *
   * @param scope An app, a stage, a stack or any construct
   * @param options What is chosen for this scope
   */
  public static applyTo(scope: IConstruct, options: ProductionDefaultsOptions = {}): void {
    if (APPLIED in scope) refuse(scope.node.path || 'App', "'applyTo' must be called once for a scope, got it again; remove one of the calls");
    Object.defineProperty(scope, APPLIED, { value: true });
    new AcrossStages(scope, at => Aspects.of(at).add(new SettledAtSynth(at), { priority: SettledAtSynth.PRIORITY }));
    const floors: Record<string, (given: any, place: Place) => object> = {
      'aws-lambda.Function': (given, place) => missingOfFunction(given, place, options.architecture),
      'aws-lambda.Version': missingOfVersion,
      'aws-lambda.EventSourceMapping': missingOfMapping,
      'aws-sqs.Queue': missingOfQueue,
      'aws-apigatewayv2.HttpStage': missingOfHttpStage,
      'aws-apigateway.RestApi': missingOfRestApi,
      'aws-rds.DatabaseProxy': missingOfProxy,
    };
    PropertyInjectors.of(scope).add(...Object.entries(floors).map(([id, missing]) => new Floor(`aws-cdk-lib.${id}`, scope, missing)));
  }

  /**
   * Takes a scope out again, with all below: for a part that someone else answers for, or that runs at the edge.
   *
   * @param scope A construct below one to which the defaults apply
   */
  public static leaveOut(scope: IConstruct): void {
    leaveOut(scope);
  }

  /**
   * What each construct below a scope got and why, in the order in which it was given. What is settled at synth (the
   * place for failed events, a timeout that is taken back) is in the list after `app.synth()`.
   *
   * @param scope An app, a stage, a stack or any construct
   */
  public static explain(scope: IConstruct): GivenDefault[] {
    return Given.of(scope).below(scope);
  }

  private constructor() {}
}
