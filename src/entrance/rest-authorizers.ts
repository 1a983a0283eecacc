import { Duration } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type AccessSpec, authorizerId, cacheSeconds, type LambdaAuthorizerSpec, type UserPoolSpec } from './access-spec';

/** The authorizers of one REST API: one for each access that says something else. */
export class RestAuthorizers {
  private readonly present = new Map<string, apigateway.IAuthorizer>();

  constructor(private readonly scope: Construct) { }

  public authorizationOf(access: AccessSpec): apigateway.MethodOptions {
    switch (access.kind) {
      case 'iam': return { authorizationType: apigateway.AuthorizationType.IAM };
      case 'userPool': return { authorizationType: apigateway.AuthorizationType.COGNITO, authorizer: this.authorizerOf(access) };
      case 'lambdaAuthorizer': return { authorizationType: apigateway.AuthorizationType.CUSTOM, authorizer: this.authorizerOf(access) };
      default: return { authorizationType: apigateway.AuthorizationType.NONE };
    }
  }

  private authorizerOf(access: UserPoolSpec | LambdaAuthorizerSpec): apigateway.IAuthorizer {
    const id = authorizerId(this.scope, access);
    const authorizer = this.present.get(id) ?? (access.kind === 'userPool'
      ? new apigateway.CognitoUserPoolsAuthorizer(this.scope, id, { cognitoUserPools: [access.userPool] })
      : this.createLambdaAuthorizer(id, access));
    this.present.set(id, authorizer);
    return authorizer;
  }

  private createLambdaAuthorizer(id: string, access: LambdaAuthorizerSpec): apigateway.IAuthorizer {
    const ttl = cacheSeconds(access);
    return new apigateway.RequestAuthorizer(this.scope, id, {
      handler: permittedFrom(this.scope, access.handler),
      resultsCacheTtl: Duration.seconds(ttl),
      // With method and path among them, an answer that is kept for one route says nothing about another.
      identitySources: [
        ...access.headers.map(name => apigateway.IdentitySource.header(name)),
        ...access.queryStrings.map(name => apigateway.IdentitySource.queryString(name)),
        ...ttl !== 0 ? [apigateway.IdentitySource.context('httpMethod'), apigateway.IdentitySource.context('resourcePath')] : [],
      ],
    });
  }
}

/** Beside a function of another stack, the permission that names this API would make the two stacks wait for each other. */
function permittedFrom(scope: Construct, handler: lambda.IFunction): lambda.IFunction {
  return Object.create(handler, {
    addPermission: { value: (id: string, permission: lambda.Permission) => handler.addPermission(id, { scope, ...permission }) },
  });
}
