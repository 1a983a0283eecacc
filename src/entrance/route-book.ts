import { Validations } from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Access } from './access';
import { checkAccess, isSameAccess } from './access-spec';
import { METHODS_BESIDE_PREFLIGHT, type SettledRoute } from './door';
import type { Entrance } from './entrance';
import { Ability, ableFactories, EntranceKind, requireAble } from './entrance-kind';
import type { EntranceRoute, RouteValidation } from './entrance-route';
import { completeThrottle } from './entrance-settings';
import { urlOwnerOf } from './function-url-door';
import type { HttpEntrance } from './http-entrance';
import type { HttpEntranceProps } from './http-entrance-props';
import { isParameterName } from './parameter-name';
import { RoutePaths } from './route-paths';
import { definitionOf, reservedConcurrencyOf, timeoutOf } from './target-function';
import { FUNCTION_URL, HTTP_API, LOAD_BALANCER } from '../limits';
import { refuse } from '../private/validation';

/** The routes of one entrance: each is checked against the entrance and against those before it. */
export class RouteBook {
  private readonly paths: RoutePaths;
  private readonly handlers = new Set<lambda.IFunction>();
  private readonly authorizers = new Set<unknown>();
  /** How many routes it takes in the account. */
  private taken = 0;
  private readonly path: string;
  private readonly kind: EntranceKind;

  constructor(private readonly owner: HttpEntrance, private readonly entrance: Entrance, private readonly props: HttpEntranceProps) {
    this.path = owner.node.path;
    this.kind = entrance._kind;
    this.paths = new RoutePaths(this.path, this.kind, props.cors !== undefined);
  }

  /** Refuses a route that can't be, warns of one that is risky, and fills in the entrance's defaults. */
  public enter(route: EntranceRoute): SettledRoute {
    const method = route.method ?? apigwv2.HttpMethod.ANY;
    const key = `${method} ${route.path}`;
    this.paths.enter(method, route.path);
    this.checkAbilities(key, route);
    this.checkAccess(key, route);
    this.checkHandler(key, route.handler);
    this.warnOfQuotas(route, method);
    if (this.kind === EntranceKind.CLOUD_FRONT) this.warnOfSignedBodies(key, method);
    return {
      path: route.path,
      method,
      handler: route.handler,
      access: (route.access ?? this.props.access)._spec,
      scopes: [...route.scopes ?? []],
      throttle: route.throttle && completeThrottle(this.owner, route.throttle),
      validation: route.validation ?? {},
      apiKeyRequired: route.apiKeyRequired ?? false,
    };
  }

  private checkAbilities(key: string, route: EntranceRoute): void {
    if (route.throttle) requireAble(this.path, this.kind, Ability.THROTTLE, `'throttle' of ${key}`);
    if (route.validation) this.checkValidation(key, route.validation);
    if (route.apiKeyRequired) requireAble(this.path, this.kind, Ability.API_KEY, `'apiKeyRequired' of ${key}`);
    if (this.handlers.size > 0 && !this.handlers.has(route.handler)) {
      requireAble(this.path, this.kind, Ability.SEVERAL_FUNCTIONS, `'handler' of ${key}, a second function,`);
    }
  }

  /** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html */
  private checkValidation(key: string, { headers = [], queryStrings = [] }: RouteValidation): void {
    requireAble(this.path, this.kind, Ability.VALIDATION, `'validation' of ${key}`);
    for (const [prop, names] of [['headers', headers], ['queryStrings', queryStrings]] as const) {
      const other = names.find(name => !isParameterName(name));
      if (other !== undefined) refuse(this.path, `'${prop}' of ${key} must be of letters, digits and . _ $ -, got '${other}'; let the function check it`);
    }
  }

  private checkAccess(key: string, { access = this.props.access, scopes = [] }: EntranceRoute): void {
    if (!isSameAccess(access._spec, this.props.access._spec)) {
      requireAble(this.path, this.kind, Ability.ACCESS_PER_ROUTE, `'access' of ${key}, another than the entrance's,`);
    }
    checkAccess(this.path, this.kind, access._spec);
    if (access._spec.kind !== 'public' && access._spec.kind !== 'iam') this.authorizers.add(access);
    if (scopes.length === 0) return this.warnOfOtherClients(key, access);
    requireAble(this.path, this.kind, Ability.SCOPES, `'scopes' of ${key}`);
    if (access._spec.kind !== 'jwt' && access._spec.kind !== 'userPool') {
      refuse(this.path, `'scopes' of ${key} must come with access by JWT or user pool, got another access; let the other access decide, or change it`);
    }
    if (scopes.length > HTTP_API.scopesPerRouteMax) {
      refuse(this.path, `'scopes' of ${key} must be at most ${HTTP_API.scopesPerRouteMax}, got ${scopes.length}; one of them is enough for a token, so group them`);
    }
  }

  private checkHandler(key: string, handler: lambda.IFunction): void {
    const wait = this.waitSeconds();
    const timeout = timeoutOf(handler);
    if (wait !== undefined && timeout !== undefined && timeout >= wait) {
      refuse(this.path, `'timeout' of the function of ${key} must be below ${wait} s, got ${timeout} s; ${this.kind} gives up after ${wait} s while the function runs on: `
        + `lower it, or use ${this.patientFactories()}`);
    }
    if (!this.handlers.has(handler)) {
      this.handlers.add(handler);
      if (this.isUrl) this.checkOnlyUrl(key, handler);
      if (this.props.streaming) this.checkStreaming(handler);
      this.warnOfConcurrency(handler);
    }
  }

  private get isUrl(): boolean {
    return this.kind === EntranceKind.FUNCTION_URL || this.kind === EntranceKind.CLOUD_FRONT;
  }

  private checkOnlyUrl(key: string, handler: lambda.IFunction): void {
    const owner = urlOwnerOf(handler);
    if (owner !== undefined) {
      refuse(this.path, `'handler' of ${key} must be without a function URL, got one that ${owner} has made; a function has one, so use that, or ${ableFactories(Ability.SEVERAL_FUNCTIONS)}`);
    }
  }

  private waitSeconds(): number | undefined {
    const { longestWaitSeconds, streamedWaitSeconds } = this.entrance._facts;
    return this.props.streaming ? streamedWaitSeconds ?? longestWaitSeconds : longestWaitSeconds;
  }

  private patientFactories(): string {
    const behindUrl = this.kind === EntranceKind.CLOUD_FRONT || this.kind === EntranceKind.HTTP_API || this.kind === EntranceKind.REST_API;
    return behindUrl ? 'Entrance.functionUrl() or Entrance.loadBalancer()' : ableFactories(Ability.STREAMING);
  }

  private checkStreaming(handler: lambda.IFunction): void {
    if (this.kind !== EntranceKind.REST_API && handler.isBoundToVpc) {
      refuse(this.path, "'streaming' is not possible through a function URL from a function in a VPC; use Entrance.restApi(), or take the function out of the VPC");
    }
    const runtime = definitionOf(handler)?.runtime;
    const families = [lambda.RuntimeFamily.NODEJS, lambda.RuntimeFamily.OTHER, undefined];
    const nativelyOrUnknown = families.includes(runtime?.family);
    if (runtime && !nativelyOrUnknown) {
      Validations.of(this.owner).addWarning(
        'cdk-production-lambda:HttpEntrance.streamingRuntime',
        `'streaming' from ${runtime.name} needs a custom runtime or the Lambda Web Adapter; of the managed runtimes only Node.js streams by itself`,
      );
    }
  }

  private warnOfConcurrency(handler: lambda.IFunction): void {
    const definition = definitionOf(handler);
    if (!definition) return;
    const reserved = reservedConcurrencyOf(handler);
    if (this.isUrl && reserved === undefined) {
      Validations.of(this.owner).addWarning(
        'cdk-production-lambda:HttpEntrance.noReservedConcurrency',
        `a function URL is throttled by the concurrency of its function only; set 'reservedConcurrentExecutions' of ${definition.node.path} (${FUNCTION_URL.requestsPerSecondPerReservedConcurrency} requests a second for each)`,
      );
    }
    const rate = this.props.throttle?.rateLimit;
    const most = (reserved ?? Infinity) * FUNCTION_URL.requestsPerSecondPerReservedConcurrency;
    if (rate !== undefined && rate > most) {
      Validations.of(this.owner).addWarning(
        'cdk-production-lambda:HttpEntrance.rateAboveReserved',
        `'rateLimit' of ${rate} a second is more than ${definition.node.path} ever takes (${most} at its reserved concurrency); lower it, so that callers get 429 and not 5xx`,
      );
    }
  }

  private warnOfQuotas({ path }: EntranceRoute, method: string): void {
    const quota = { [EntranceKind.HTTP_API as string]: HTTP_API.routesDefault, [EntranceKind.LOAD_BALANCER]: LOAD_BALANCER.rulesDefault }[this.kind];
    const before = this.taken;
    this.taken += this.kind === EntranceKind.HTTP_API && this.props.cors && method === 'ANY' ? METHODS_BESIDE_PREFLIGHT.length : 1;
    if (quota !== undefined && before <= quota && this.taken > quota) {
      Validations.of(this.owner).addWarning(
        'cdk-production-lambda:HttpEntrance.routeQuota', `${path} is beyond the ${quota} routes that ${this.kind} has by default; ask AWS to raise the quota before deploying`,
      );
    }
    if ((this.kind === EntranceKind.HTTP_API || this.kind === EntranceKind.REST_API) && this.authorizers.size === HTTP_API.authorizersDefault + 1) {
      Validations.of(this.owner).addWarning(
        'cdk-production-lambda:HttpEntrance.authorizerQuota',
        `the access of ${path} is beyond the ${HTTP_API.authorizersDefault} authorizers that ${this.kind} has by default; share one Access between routes, or ask AWS to raise the quota`,
      );
    }
  }

  /** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html */
  private warnOfOtherClients(key: string, { _spec: { kind } }: Access): void {
    if (this.kind !== EntranceKind.REST_API || kind !== 'userPool') return;
    Validations.of(this.owner).addWarning(
      'cdk-production-lambda:HttpEntrance.userPoolClients',
      `a REST API lets tokens of every client of the user pool through to ${key}, not only of 'clients'; ask for 'scopes' that only these have, or use Entrance.httpApi()`,
    );
  }

  /** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html */
  private warnOfSignedBodies(key: string, method: string): void {
    if (method === 'GET' || method === 'HEAD') return;
    Validations.of(this.owner).addWarning(
      'cdk-production-lambda:HttpEntrance.signedBodies',
      `callers of ${key} must send the SHA-256 of the body as x-amz-content-sha256: CloudFront signs for them but doesn't read the body`,
    );
  }
}
