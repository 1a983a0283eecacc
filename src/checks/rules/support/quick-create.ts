import type { AppGraph, Resource } from '../../graph';

const OVERRIDES = 'AWS::ApiGatewayV2::ApiGatewayManagedOverrides';

/** The resources that change, or may change, the route, the integration and the stage of an HTTP API with a target. */
export function overridesOf(app: AppGraph, api: Resource): Resource[] {
  return app.ofType(OVERRIDES).filter(overrides => overrides.isUnknown('ApiId') || overrides.target('ApiId') === api);
}
