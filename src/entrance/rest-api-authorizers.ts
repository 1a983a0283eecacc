import { Arn, ArnFormat, FeatureFlags, Names, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { APIGATEWAY_AUTHORIZER_CHANGE_DEPLOYMENT_LOGICAL_ID } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { type AccessSpec, authorizerId, cacheSeconds, type LambdaAuthorizerSpec, type UserPoolSpec } from './access-spec';

/** The authorizers of one REST API. Equal accesses share an authorizer. */
export class RestApiAuthorizers {
  private readonly userPools = new Map<string, apigateway.CognitoUserPoolsAuthorizer>();
  private readonly lambdas = new Map<string, LambdaAuthorizer>();

  constructor(private readonly scope: Construct, private readonly api: apigateway.RestApi) { }

  public authorizationOf(access: AccessSpec): apigateway.MethodOptions {
    switch (access.kind) {
      case 'iam': return { authorizationType: apigateway.AuthorizationType.IAM };
      case 'userPool': return { authorizationType: apigateway.AuthorizationType.COGNITO, authorizer: this.userPoolAuthorizerOf(access) };
      case 'lambdaAuthorizer': return { authorizationType: apigateway.AuthorizationType.CUSTOM, authorizer: this.lambdaAuthorizerOf(access) };
      default: return { authorizationType: apigateway.AuthorizationType.NONE };
    }
  }

  private userPoolAuthorizerOf(access: UserPoolSpec): apigateway.IAuthorizer {
    const id = authorizerId(this.scope, access);
    const authorizer = this.userPools.get(id) ?? new apigateway.CognitoUserPoolsAuthorizer(this.scope, id, { cognitoUserPools: [access.userPool] });
    this.userPools.set(id, authorizer);
    return authorizer;
  }

  private lambdaAuthorizerOf(access: LambdaAuthorizerSpec): apigateway.IAuthorizer {
    const id = authorizerId(this.scope, access);
    const authorizer = this.lambdas.get(id) ?? new LambdaAuthorizer(this.scope, id, this.api, access);
    this.lambdas.set(id, authorizer);
    authorizer.attach();
    return authorizer;
  }
}

/**
 * A Lambda authorizer by L1. The permission of CDK's RequestAuthorizer is in the stack of the function, and refers to the API:
 * with a function of another stack, each stack would depend on the other.
 */
class LambdaAuthorizer extends Construct implements apigateway.IAuthorizer {
  public readonly authorizerId: string;
  public readonly authorizationType = apigateway.AuthorizationType.CUSTOM;

  private readonly props: apigateway.CfnAuthorizerProps;

  constructor(scope: Construct, id: string, private readonly api: apigateway.RestApi, private readonly access: LambdaAuthorizerSpec) {
    super(scope, id);
    const { functionArn } = access.function;
    const { partition, region } = Arn.split(functionArn, ArnFormat.COLON_RESOURCE_NAME);
    this.props = {
      name: Names.uniqueId(this),
      restApiId: api.restApiId,
      type: 'REQUEST',
      authorizerUri: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
      authorizerResultTtlInSeconds: cacheSeconds(access),
      identitySource: this.identitySources().join(),
    };
    this.authorizerId = new apigateway.CfnAuthorizer(this, 'Resource', this.props).ref;
    access.function.addPermission(`${Names.uniqueId(this)}:Permissions`, {
      scope,
      principal: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({ service: 'execute-api', resource: api.restApiId, resourceName: `authorizers/${this.authorizerId}` }),
    });
  }

  /** Makes the deployment of the API depend on the authorizer and include it in its id, as CDK does for each method with a RequestAuthorizer. */
  public attach(): void {
    const deployment = this.api.latestDeployment;
    if (!deployment || !FeatureFlags.of(this).isEnabled(APIGATEWAY_AUTHORIZER_CHANGE_DEPLOYMENT_LOGICAL_ID)) return;
    const { function: fn } = this.access;
    deployment.node.addDependency(this);
    deployment.addToLogicalId({
      authorizer: this.props,
      authorizerToken: fn instanceof lambda.Function ? (fn.node.defaultChild as lambda.CfnFunction).functionName : fn.functionName,
    });
  }

  private identitySources(): string[] {
    const { headers, queryStrings } = this.access;
    return [
      ...headers.map(name => apigateway.IdentitySource.header(name)),
      ...queryStrings.map(name => apigateway.IdentitySource.queryString(name)),
      // With method and path as identity sources, a cached result applies to one route only.
      ...cacheSeconds(this.access) !== 0 ? [apigateway.IdentitySource.context('httpMethod'), apigateway.IdentitySource.context('resourcePath')] : [],
    ];
  }
}
