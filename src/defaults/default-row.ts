/** One default of one construct: the value, the value of the plain L2, the reason and its source. */
export interface DefaultRow<T> extends DefaultRowOptions {
  readonly value: T;
  /** The value of the plain L2 of aws-cdk-lib with the feature flags of a new app: in the template, or else the default of AWS. */
  readonly l2: string;
  readonly why: string;
  /** The page of AWS from which the value follows. */
  readonly source: string;
}

export interface DefaultRowOptions {
  /** The rule of ProductionChecks that checks the same setting, if there is one. */
  readonly rule?: `LP-${string}`;
  /** The unit of the value, if the name of the row does not contain it. */
  readonly unit?: string;
  /** The value in a sandbox, if it is another. */
  readonly sandbox?: unknown;
}

export function row<T>(value: T, l2: string, why: string, source: string, options: DefaultRowOptions = {}): DefaultRow<T> {
  return { value, l2, why, source, ...options };
}

/** The guides of AWS to which rows link. */
export const GUIDE = {
  lambda: 'https://docs.aws.amazon.com/lambda/latest/dg',
  apiGateway: 'https://docs.aws.amazon.com/apigateway/latest/developerguide',
  loadBalancer: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application',
  cloudWatch: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring',
  logs: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs',
  codeDeploy: 'https://docs.aws.amazon.com/codedeploy/latest/userguide',
  aurora: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide',
  dynamoDb: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide',
  sqs: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide',
  s3: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide',
  vpc: 'https://docs.aws.amazon.com/vpc/latest/userguide',
  privateLink: 'https://docs.aws.amazon.com/vpc/latest/privatelink',
  eventBridge: 'https://docs.aws.amazon.com/eventbridge/latest/userguide',
  cloudFormation: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide',
  cloudFormationTemplates: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference',
  powertools: 'https://docs.aws.amazon.com/powertools/typescript/latest',
} as const;

/** The alarms that AWS recommends for each service. */
export const RECOMMENDED_ALARMS = `${GUIDE.cloudWatch}/Best_Practice_Recommended_Alarms_AWS_Services.html`;
/** How periods and datapoints decide on the state of an alarm. */
export const ALARM_EVALUATION = `${GUIDE.cloudWatch}/AlarmThatSendsEmail.html`;
/** How the window of an alarm moves. */
export const ALARM_WINDOW = `${GUIDE.cloudWatch}/alarm-evaluation-window.html`;
/** Percentiles and percentile ranks. */
export const STATISTICS = `${GUIDE.cloudWatch}/Statistics-definitions.html`;
export const LOG_RETENTION = `${GUIDE.logs}/Working-with-log-groups-and-streams.html`;
