import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { plainFunction } from '../../support/plain-function';

/** What stands for a prop that the plain L2 requires. */
export const GIVEN = 'given-because-required';

export interface Probe {
  /** Reads the value from the resources of a template; undefined where it is not written. */
  readonly read: (resources: Resources) => unknown;
  /** What AWS does where the template of the plain L2 says nothing. */
  readonly unset?: string;
  /** What the L2 column says after the value. */
  readonly note?: string;
  /** Which of the things to build, where a construct has defaults for several. */
  readonly build?: string;
}

/** One construct of the table: how it and the plain L2 in its place are built, and what is read of both. */
export interface Subject {
  readonly ours: (stack: Stack, build: string) => unknown;
  readonly plain: (stack: Stack, build: string) => unknown;
  readonly probes: Record<string, Probe>;
}

/** The resources of one template, by what the probes ask for. */
export class Resources {
  constructor(private readonly template: Template) {}

  /** The first resource of a type whose logical id contains the text. */
  public first(type: string, id = ''): any {
    return Object.entries(this.template.findResources(`AWS::${type}`)).find(([found]) => found.includes(id))?.[1];
  }

  /** The properties of that resource, none where it states none; undefined where there is no such resource. */
  public props(type: string, id = ''): any {
    const resource = this.first(type, id);
    return resource && (resource.Properties ?? {});
  }

  /** The properties of the resource of a type to which an ARN belongs. */
  public behind(arn: any, type: string): any {
    return arn && this.props(type, arn['Fn::GetAtt'][0]);
  }

  /** Whether a policy of the type denies what does not come by TLS. */
  public demandsTls(type: string, id = ''): boolean {
    const statements: any[] = this.props(type, id)?.PolicyDocument.Statement ?? [];
    return statements.some(s => s.Effect === 'Deny' && s.Condition?.Bool?.['aws:SecureTransport'] === 'false');
  }

  /** Whether a VPC has its default security group emptied. */
  public get restrictsDefaultGroup(): boolean {
    return Object.keys(this.template.findResources('Custom::VpcRestrictDefaultSG')).length > 0;
  }

  public get function() { return this.props('Lambda::Function'); }
  public get async() { return this.props('Lambda::EventInvokeConfig'); }
  public get hook() { return this.props('Lambda::Function', 'PreTrafficTest'); }
  public get mapping() { return this.props('Lambda::EventSourceMapping'); }
  public get table() { return this.props('DynamoDB::GlobalTable'); }
  public get target() { return this.props('Events::Rule').Targets[0]; }
  public alarm(id: string) { return this.props('CloudWatch::Alarm', id); }
}

/** The words of a row whose value is computed, where what is written is what they say. */
export function inWords(words: string, written: number | undefined, computed: number): string | undefined {
  if (written === undefined) return undefined;
  return written === computed ? words : `${written} instead of ${computed}`;
}

/** The words for what a stack has one of, where an ARN is its. */
export function sharedIn(arn: any, construct: string): string | undefined {
  return arn?.['Fn::GetAtt'][0].startsWith(`ProductionLambda${construct}`) ? `the ${construct} of the stack` : undefined;
}

/** The number that the JSON of something holds, such as the metric math of an alarm. */
export function numberIn(something: unknown, pattern: RegExp): number | undefined {
  const found = pattern.exec(JSON.stringify(something) ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}

/** A function as the plain L2s take it. */
export const payFunction = (stack: Stack) => plainFunction(stack, 'Pay');
