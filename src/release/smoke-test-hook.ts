import { Lazy, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { allowCodeDeployInvoke, type HookBinding, reportStatements } from './hook-binding';
import { DEFAULTS, SMOKE_TEST } from '../defaults';
import { LeastPrivilegeRole } from '../permission';
import { createDeployTimeFunction } from '../private/deploy-time-function';
import { stackSingleton } from '../private/stack-singleton';
import { Profile } from '../profile';

const D = DEFAULTS.SmokeTest;

/**
 * The function that runs the smoke tests of a stack's releases. It refers to no function and no alias, because each alias
 * with a smoke test depends on it (docs/adr/0020-smoke-test-hook.md).
 */
export class SmokeTestHook extends Construct {
  /** Adds a test to the first hook of the stack that has room for it. Returns the name of the hook function. */
  public static addTest(binding: HookBinding, key: string, test: object): string {
    for (let place = 1; ; place++) {
      const id = `${capitalized(binding.prop)}Test${place === 1 ? '' : place}`;
      const hook = stackSingleton(binding.alias, id, home => new SmokeTestHook(home, id));
      if (hook.hasRoomFor(key, test)) return hook.add(binding, key, test);
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
    this.function = createDeployTimeFunction(this, {
      description: 'Tests new versions before they receive traffic and reports to CodeDeploy',
      asset: 'smoke-test',
      memorySize: D.memorySize.value,
      timeoutSeconds: D.timeoutSeconds.value,
      environment: { SMOKE_TESTS: Lazy.string({ produce: () => JSON.stringify(this.tests) }) },
      logGroup,
      role: this.role,
      noDeadLetterQueue: 'CodeDeploy waits for the report of the hook and fails the release if none arrives, so that a lost event is noticed',
    });
  }

  private hasRoomFor(key: string, test: object): boolean {
    return Buffer.byteLength(JSON.stringify({ ...this.tests, [key]: test })) <= SMOKE_TEST.testsMaxBytes;
  }

  private add({ alias, prop }: HookBinding, key: string, test: object): string {
    this.tests[key] = test;
    for (const statement of reportStatements(alias)) this.role._addInline(statement);
    allowCodeDeployInvoke(alias, this.function);
    // The permission is on the new version: in the hook's role it would make the hook depend on every tested function of the stack.
    const permission = new lambda.CfnPermission(alias, `${capitalized(prop)}Permission`, {
      action: 'lambda:InvokeFunction',
      functionName: alias.version.functionArn,
      principal: this.role.roleArn,
    });
    alias.node.defaultChild!.node.addDependency(permission);
    return this.function.functionName;
  }
}

/** `PreTraffic` for the prop `preTraffic`: construct ids are in PascalCase. */
function capitalized(prop: string): string {
  return prop.charAt(0).toUpperCase() + prop.slice(1);
}
