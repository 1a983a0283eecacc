import { patternOf } from '../../graph';
import type { Resource, Value } from '../../graph';

/** The path of the SNS topic that the value names, or its ARN if the topic is not part of the app. */
export function topicOf(value: Value, at: Resource): string | undefined {
  const topic = at.template.app.resourceOf(value, at, 'AWS::SNS::Topic');
  if (topic) return topic.path;
  const arn = patternOf(value);
  return /^arn:[^:]*:sns:/.test(arn) ? arn : undefined;
}
