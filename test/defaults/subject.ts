import type { Stack } from 'aws-cdk-lib';
import { plainFunction } from '../support/plain-function';

/** A value for a prop that the plain L2 requires. */
export const GIVEN = 'given-because-required';

export interface Probe {
  /** Reads the value from the resources of a template; undefined if the template does not have it. */
  readonly read: (resources: Resources) => unknown;
  /** The default of AWS, if the template of the plain L2 has no value. */
  readonly unset?: string;
  /** Words that follow the value in the L2 column. */
  readonly note?: string;
  /** The variant to build, if a construct has defaults for several. */
  readonly build?: string;
}

/** One construct of the table: how it and the plain L2 in its place are built, and what is read of both. */
export interface Subject {
  readonly ours: (stack: Stack, build: string) => unknown;
  readonly plain: (stack: Stack, build: string) => unknown;
  readonly probes: Record<string, Probe>;
  /** Other constructs of the table that this construct creates, or whose values it has. */
  readonly contains?: readonly string[];
}

/** The resources of one template, by logical id. */
export type Json = Record<string, any>;

/** The resources of one template, with a short form for each that the probes read. */
export class Resources {
  constructor(private readonly resources: Json) {}

  /** The first resource of a type whose logical id contains the text. */
  public first(type: string, id = ''): any {
    return Object.entries(this.resources).find(([found, resource]) => resource.Type === `AWS::${type}` && found.includes(id))?.[1];
  }

  /** The properties of that resource; undefined if there is no such resource. */
  public props(type: string, id = ''): any {
    const resource = this.first(type, id);
    return resource && (resource.Properties ?? {});
  }

  /** The properties of the resource of a type that an ARN refers to. */
  public behind(arn: any, type: string): any {
    return arn && this.props(type, arn['Fn::GetAtt'][0]);
  }

  /** Whether a policy of the type denies requests without TLS. */
  public demandsTls(type: string, id = ''): boolean {
    const statements: any[] = this.props(type, id)?.PolicyDocument.Statement ?? [];
    return statements.some(s => s.Effect === 'Deny' && s.Condition?.Bool?.['aws:SecureTransport'] === 'false');
  }

  /** Whether the default security group of a VPC has no rules. */
  public get restrictsDefaultGroup(): boolean {
    return Object.values(this.resources).some(({ Type }) => Type === 'Custom::VpcRestrictDefaultSG');
  }

  public get function() { return this.props('Lambda::Function'); }
  public get async() { return this.props('Lambda::EventInvokeConfig'); }
  public get hook() { return this.props('Lambda::Function', 'PreTrafficTest'); }
  public get mapping() { return this.props('Lambda::EventSourceMapping'); }
  public get table() { return this.props('DynamoDB::GlobalTable'); }
  public get target() { return this.props('Events::Rule').Targets[0]; }
  public alarm(id: string) { return this.props('CloudWatch::Alarm', id); }
}

/** The words of a row whose value is computed, if the template has the computed value. */
export function inWords<T>(words: string, found: T | undefined, computed: T): string | undefined {
  if (found === undefined) return undefined;
  return found === computed ? words : `${found} instead of ${computed}`;
}

/** The words for the shared construct of a stack, if an ARN refers to it. */
export function sharedIn(arn: any, construct: string): string | undefined {
  return arn?.['Fn::GetAtt'][0].startsWith(`ProductionLambda${construct}`) ? `the ${construct} of the stack` : undefined;
}

/** A number in a text. */
export function numberIn(text: string | undefined, pattern: RegExp): number | undefined {
  const found = pattern.exec(text ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The metric math of an alarm. */
export function expressionOf(alarm: any): string | undefined {
  return alarm?.Metrics?.map((metric: any) => metric.Expression).find((expression: unknown) => expression !== undefined);
}

/** A plain function, as the plain L2s accept it. */
export const payFunction = (stack: Stack) => plainFunction(stack, 'Pay');
