import type { AppGraph, Resource, Value } from '../graph';

export type Severity = 'error' | 'warning' | 'info';
export type Category = 'foundation' | 'database' | 'http' | 'deployment' | 'cold-start';

/** A fault that a rule found, in the parts of its message. */
export interface Problem {
  readonly at: Resource;
  /** The path below `Properties`, or the name of an attribute such as `DeletionPolicy`. */
  readonly property: string;
  /** The requirement: `must be at least 60 s (the timeout of Stack/Fn)`. */
  readonly must: string;
  readonly got: Value;
  /**
   * A more specific fix.
   *
   * @default - the fix of the rule
   */
  readonly fix?: string;
  /**
   * A lower severity than the one of the rule, for a case that does less harm.
   *
   * @default - the severity of the rule
   */
  readonly severity?: Severity;
  /**
   * The problem is one of the app and not of the resource, so that one finding is enough for all templates of an app.
   *
   * @default false
   */
  readonly ofApp?: boolean;
}

/** One check, a pure function of the app. */
export interface Rule {
  /** For example `LP-F32`. */
  readonly id: string;
  readonly category: Category;
  readonly severity: Severity;
  /** The fault, as a noun phrase or a short sentence. */
  readonly title: string;
  /** The consequence, in one or two sentences with numbers. */
  readonly why: string;
  /** What to do, in the imperative; lower case, because it is a part of the message. */
  readonly fix: string;
  /** The AWS page that the rule follows. */
  readonly source: string;
  /** The rule demands good practice, not correctness: it is an info in a sandbox. */
  readonly practice?: boolean;
  /**
   * A sandbox `Profile` sets what the rule is about. In a template whose metadata states a sandbox, its findings are
   * exempted.
   *
   * @default false
   */
  readonly setByProfile?: boolean;
  /**
   * What CDK, cdk-nag 3 and cfn-lint 1 report about the same fault.
   *
   * @default - nothing
   */
  readonly elsewhere?: string;
  evaluate(app: AppGraph): Iterable<Problem>;
}

const AURORA = 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide';

/** Pages of the AWS documentation. */
export const SOURCE = {
  lambda: (page: string) => `https://docs.aws.amazon.com/lambda/latest/dg/${page}.html`,
  aurora: (page: string) => `${AURORA}/${page}.html`,
  dynamoDb: (page: string) => `https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/${page}.html`,
  api: (page: string) => `https://docs.aws.amazon.com/apigateway/latest/developerguide/${page}.html`,
  codeDeploy: (page: string) => `https://docs.aws.amazon.com/codedeploy/latest/userguide/${page}.html`,
  iam: (page: string) => `https://docs.aws.amazon.com/IAM/latest/UserGuide/${page}.html`,
  cloudWatch: (page: string) => `https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/${page}.html`,
  idempotency: 'https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/',
};

/** The description of a rule in the documentation of this library. */
export function documentationOf(id: string): string {
  const repository = 'https://github.com/cdk-production-lambda/cdk-production-lambda';
  return `${repository}/blob/main/docs/RULES.md#${id.toLowerCase()}`;
}
