import type * as lambda from 'aws-cdk-lib/aws-lambda';

/**
 * Options of ProductionDefaults for one scope.
 */
export interface ProductionDefaultsOptions {
  /**
   * The architecture of functions that set none. Applies only to functions with a managed runtime, without layers and not
   * from an image. It is opt-in, because the template does not show whether a package has native modules of another
   * architecture.
   *
   * @default - not changed
   */
  readonly architecture?: lambda.Architecture;
}
