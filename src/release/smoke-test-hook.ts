import * as path from 'node:path';
import { Duration, Lazy, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type HookSite, letCodeDeployInvoke, reportStatements } from './hook-site';
import { DEFAULTS, SMOKE_TEST } from '../limits';
import { LeastPrivilegeRole } from '../permission';
import { sharedInStack } from '../private/shared';
import { Profile } from '../profile';

const D = DEFAULTS.SmokeTest;
/** Built by `npx projen bundle:assets` from src/release/hook/handler.ts; the same place seen from src/ and from lib/. */
const CODE = path.join(__dirname, '..', '..', 'assets', 'smoke-test');

/**
 * The function that runs the smoke tests of a stack's releases. It refers to no function and no alias, for each alias
 * with a smoke test waits for it (docs/adr/0010-smoke-test-hook.md).
 */
export class SmokeTestHook extends Construct {
  /** Takes a test into the first hook of the stack that has room for it; returns the name of the function. */
  public static serve(site: HookSite, key: string, test: object): string {
    for (let place = 1; ; place++) {
      const id = `${capitalised(site.prop)}Test${place === 1 ? '' : place}`;
      const hook = sharedInStack(site.alias, id, home => new SmokeTestHook(home, id));
      if (hook.hasRoomFor(key, test)) return hook.take(site, key, test);
    }
  }

  private readonly tests: Record<string, object> = {};
  private readonly function: lambda.Function;
  private readonly role: LeastPrivilegeRole;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    const logGroup = new logs.LogGroup(this, 'Logs', { retention: Profile.of(this).logRetention, removalPolicy: RemovalPolicy.DESTROY });
    this.role = new LeastPrivilegeRole(this, 'Role');
    this.role._addInline(new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }));
    this.function = new lambda.Function(this, 'Function', {
      description: 'Tests new versions before they get traffic and reports to CodeDeploy',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(CODE),
      memorySize: D.memorySize.value,
      timeout: Duration.seconds(D.timeoutSeconds.value),
      environment: { SMOKE_TESTS: Lazy.string({ produce: () => JSON.stringify(this.tests) }) },
      loggingFormat: lambda.LoggingFormat.JSON,
      tracing: lambda.Tracing.ACTIVE,
      logGroup,
      role: this.role,
    });
    this.acknowledgeNoDestination();
  }

  private hasRoomFor(key: string, test: object): boolean {
    return Buffer.byteLength(JSON.stringify({ ...this.tests, [key]: test })) <= SMOKE_TEST.testsMaxBytes;
  }

  private take({ alias, prop }: HookSite, key: string, test: object): string {
    this.tests[key] = test;
    for (const statement of reportStatements(alias)) this.role._addInline(statement);
    letCodeDeployInvoke(alias, this.function);
    // On the new version and not on the hook's role, which would wait for every tested function of the stack.
    const permission = new lambda.CfnPermission(alias, `${capitalised(prop)}Permission`, {
      action: 'lambda:InvokeFunction',
      functionName: alias.version.functionArn,
      principal: this.role.roleArn,
    });
    alias.node.defaultChild!.node.addDependency(permission);
    return this.function.functionName;
  }

  private acknowledgeNoDestination(): void {
    Validations.of(this.function).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason: 'CodeDeploy waits for the hook\'s report and fails the release where none comes: a lost event is noticed',
    });
  }
}

/** Ids are nouns: `PreTraffic` for the prop `preTraffic`. */
function capitalised(prop: string): string {
  return prop.charAt(0).toUpperCase() + prop.slice(1);
}
