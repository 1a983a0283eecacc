import type { Resource, Template } from './template';

/** The lines of the report about one function. */
export function functionLines(template: Template, logicalId: string, fn: Resource): string[] {
  const alias = template.ofType('AWS::Lambda::Alias').find(([, a]) => template.references(a.Properties?.FunctionName).includes(logicalId));
  const p = fn.Properties ?? {};
  const size = `${p.Runtime ?? 'container image'}, ${(p.Architectures as string[] | undefined)?.[0] ?? 'x86_64'}, ${p.MemorySize ?? 128} MB, ${p.Timeout ?? 3} s`;
  return [
    `${template.nameOf(logicalId)} (${size})`,
    line('entrances', entrances(template, [logicalId, ...alias ? [alias[0]] : []])),
    line('release', alias ? release(template, alias[1]) : ['none: callers invoke $LATEST']),
    line('alarms', alarms(template, logicalId)),
    line('failures', failures(template, logicalId)),
  ];
}

function line(title: string, values: string[]): string {
  return `    ${title.padEnd(10)} ${values.join('\n'.padEnd(18)) || 'none'}`;
}

function entrances(template: Template, targets: string[]): string[] {
  const referring = targets.flatMap(target => template.referring(target));
  const urls = referring.filter(([, r]) => r.Type === 'AWS::Lambda::Url').map(([, r]) => `Function URL, authorisation ${r.Properties?.AuthType}`);
  const schedules = referring.filter(([, r]) => r.Type === 'AWS::Scheduler::Schedule').map(([id, r]) => `schedule ${template.nameOf(id)}, ${r.Properties?.ScheduleExpression}`);
  const sources = referring.filter(([, r]) => r.Type === 'AWS::Lambda::EventSourceMapping')
    .map(([, r]) => `event source ${template.references(r.Properties?.EventSourceArn).map(id => template.nameOf(id)).join(', ')}`);
  const invokers = referring.filter(([, r]) => r.Type === 'AWS::Lambda::Permission' && /\.amazonaws\.com$/.test(String(r.Properties?.Principal)))
    .map(([, r]) => `${String(r.Properties?.Principal).split('.')[0]}${from(template, r)}`);
  return [...new Set([...urls, ...schedules, ...sources, ...invokers])];
}

function from(template: Template, permission: Resource): string {
  const names = template.references(permission.Properties?.SourceArn).filter(id => template.resources[id]).map(id => template.nameOf(id));
  return names.length > 0 ? ` ${names.join(', ')}` : '';
}

function release(template: Template, alias: Resource): string[] {
  const update = alias.UpdatePolicy?.CodeDeployLambdaAliasUpdate as { DeploymentGroupName?: unknown } | undefined;
  const group = template.resources[template.references(update?.DeploymentGroupName)[0]];
  if (!group) return [`alias ${alias.Properties?.Name}, all traffic immediately`];
  const { Events = [] } = (group.Properties?.AutoRollbackConfiguration ?? {}) as { Events?: string[] };
  const why = Events.map(event => event.replace('DEPLOYMENT_', '').replace('STOP_ON_', '').toLowerCase()).join(', ');
  const config = group.Properties?.DeploymentConfigName;
  return [`alias ${alias.Properties?.Name}, ${typeof config === 'string' ? config.replace('CodeDeployDefault.Lambda', '') : 'own deployment configuration'}, rolls back on ${why.replace('request', 'stop')}`];
}

function alarms(template: Template, functionId: string): string[] {
  return template.ofType('AWS::CloudWatch::Alarm').filter(([, alarm]) => template.references(alarm.Properties).includes(functionId))
    .map(([id, alarm]) => `${template.nameOf(id).split('/').pop()} (${describe(alarm)})`);
}

function describe(alarm: Resource): string {
  const p = alarm.Properties ?? {};
  const metric = p.MetricName ?? (p.Metrics as { Label?: string; ReturnData?: boolean }[] | undefined)?.find(m => m.ReturnData)?.Label ?? 'expression';
  return `${metric} ${p.ComparisonOperator === 'GreaterThanThreshold' ? '>' : '>='} ${p.Threshold}, ${window(p)}`;
}

function window(p: Record<string, unknown>): string {
  const periods = (p.Metrics as { MetricStat?: { Period?: number } }[] | undefined ?? []).map(({ MetricStat }) => MetricStat?.Period ?? 0);
  const minutes = (p.Period as number | undefined ?? (Math.max(0, ...periods) || 60)) / 60;
  const unit = minutes === 1 ? 'minutes' : `periods of ${minutes} minutes`;
  return p.EvaluationPeriods === 1 && minutes > 1 ? `in ${minutes} minutes` : `${p.DatapointsToAlarm ?? p.EvaluationPeriods} of ${p.EvaluationPeriods} ${unit}`;
}

function failures(template: Template, functionId: string): string[] {
  const configs = template.ofType('AWS::Lambda::EventInvokeConfig').filter(([, c]) => template.references(c.Properties?.FunctionName).includes(functionId));
  return configs.map(([, c]) => {
    const target = template.references(c.Properties?.DestinationConfig).map(id => template.nameOf(id)).join(', ');
    return `asynchronous events to ${target || 'nowhere'} after ${c.Properties?.MaximumRetryAttempts} retries or ${c.Properties?.MaximumEventAgeInSeconds} s`;
  });
}
