import type { AppGraph, Resource, Value } from '../graph';

export type Severity = 'error' | 'warning' | 'info';
export type Article = 'foundation' | 'database' | 'http' | 'deployment' | 'cold-start';

/** What a rule found wrong, in pieces that every message is made of. */
export interface Problem {
  readonly at: Resource;
  /** Below `Properties`, unless the name says otherwise. */
  readonly property: string;
  /** `must be at least 60 s (the timeout of Stack/Fn)`. */
  readonly must: string;
  readonly got: Value;
  /** Where the fix of this case is more than that of the rule. */
  readonly fix?: string;
}

/** One check of the guide: pure, and the only place that knows its condition. */
export interface Rule {
  /** As in the guide, for example `LP-F32`. */
  readonly id: string;
  readonly article: Article;
  readonly severity: Severity;
  readonly title: string;
  /** Why it matters, with the number. */
  readonly why: string;
  readonly fix: string;
  readonly source: string;
  /** Good production practice rather than a contradiction: only told, not demanded, in a sandbox. */
  readonly practice?: boolean;
  /** What CDK itself, cdk-nag 3 and cfn-lint 1.x say about the same. */
  readonly elsewhere?: string;
  evaluate(app: AppGraph): Iterable<Problem>;
}

const LDG = 'https://docs.aws.amazon.com/lambda/latest/dg';

/** Links into the documentation that several rules share. */
export const SOURCE = {
  lambda: (page: string) => `${LDG}/${page}.html`,
  aurora: (page: string) => `https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/${page}.html`,
  api: (page: string) => `https://docs.aws.amazon.com/apigateway/latest/developerguide/${page}.html`,
  codeDeploy: (page: string) => `https://docs.aws.amazon.com/codedeploy/latest/userguide/${page}.html`,
  iam: (page: string) => `https://docs.aws.amazon.com/IAM/latest/UserGuide/${page}.html`,
  cloudWatch: (page: string) => `https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/${page}.html`,
  idempotency: 'https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/',
};
