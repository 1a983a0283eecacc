import { LATEST, isRecord, patternOf, targetOf } from '../../graph';
import type { AppGraph, Resource, TemplateGraph, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';

/** Resources whose texts no service compares with the functions of the account. */
const READ_AS_TEXT = [
  'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard', 'AWS::CloudWatch::InsightRule', 'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::IAM::RolePolicy', 'AWS::Lambda::Function',
  'AWS::Logs::LogAnomalyDetector', 'AWS::Logs::QueryDefinition',
  'AWS::Logs::ResourcePolicy', 'AWS::SSM::Parameter',
];
const USE = 'use the name of the function without the alias';
/** In the text of JSON. */
const NAMING = /\/aws\/lambda\/|[^"]FunctionName|FunctionName[^"]/;
/** What a text says that has the name of an alias in it. Unknown parts are `*`. */
const USES: readonly [pattern: RegExp, must: string][] = [
  // `<log group>:*` and `<log group>:log-stream:<name>` are ARNs of a log group.
  [/\/aws\/lambda\/[\w*-]+:(?!log-stream)[\w-]+/, 'must name the log group of a function (/aws/lambda/<function>)'],
  [/FunctionName\\*"?\s*[=,]\s*[\\"']+[\w*-]+:[\w-]+/, 'must have the name of a function as FunctionName'],
];

export const ALIAS_NAMES_RULES: Rule[] = [
  {
    id: 'LP-F174',
    category: 'foundation',
    severity: 'warning',
    title: 'Text names an alias where the name of the function is required',
    why:
      'Log groups and the metric dimension FunctionName have the name of the function. A policy, query or widget with '
      + '<function>:<alias> has no effect, and no service reports it.',
    fix: USE,
    source: SOURCE.lambda('monitoring-metrics-types'),
    evaluate: each(READ_AS_TEXT, namesOfAliases),
  },
  {
    id: 'LP-F175',
    category: 'foundation',
    severity: 'error',
    title: 'Version, alias or asynchronous configuration belongs to an alias',
    why: 'Lambda publishes versions of functions and creates aliases of functions. The deployment fails.',
    fix: `${USE}, and Qualifier for the configuration of asynchronous invocation`,
    source: SOURCE.lambda('configuration-versions'),
    evaluate: each(['AWS::Lambda::Version', 'AWS::Lambda::Alias', 'AWS::Lambda::EventInvokeConfig'], ofAlias),
  },
];

function namesOfAliases(resource: Resource, app: AppGraph): Found {
  // most templates and resources contain neither, and to resolve all policies takes longer than all other rules
  if (!app.view(namingTemplates).has(resource.template) || !isWritten(resource.raw.Properties)) return undefined;
  const texts = [...textsIn(resource.properties)];
  return USES.map(([pattern, must]) => {
    const found = texts.flatMap(([property, text]) => {
      const [got] = pattern.exec(text) ?? [];
      return got === undefined ? [] : [{ at: resource, property, must, got }];
    });
    return found[0];
  });
}

/** The templates whose file may name an alias. */
function namingTemplates({ templates }: AppGraph): Set<TemplateGraph> {
  return new Set(templates.filter(({ input: { text } }) => text === undefined || NAMING.test(text)));
}

/** Whether texts of the template can name an alias: they have more than the word FunctionName, or a log group. */
function isWritten(properties: unknown): boolean {
  try {
    return NAMING.test(JSON.stringify(properties));
  } catch {
    return true; // nested deeper than functions can call each other
  }
}

/** The texts in a value with their paths. Templates may nest deeper than functions can call each other. */
function* textsIn(root: Value): Iterable<[path: string, text: string]> {
  const open: [path: string, value: Value][] = [['', root]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [path, value] = next;
    if (Array.isArray(value) || isRecord(value)) {
      const prefix = path === '' ? '' : `${path}.`;
      for (const [key, item] of Object.entries(value).reverse()) open.push([`${prefix}${key}`, item]);
    } else {
      yield [path, patternOf(value)];
    }
  }
}

function ofAlias(resource: Resource, app: AppGraph): Found {
  const name = resource.get('FunctionName');
  const { alias, version, qualifier } = targetOf(app, name, resource);
  const isQualified = alias ?? version ?? (/^[\w*-]+:[\w$-]+$/.test(patternOf(name)) || undefined);
  if (isQualified === undefined || qualifier === LATEST) return undefined;
  const got = alias?.path ?? version?.path ?? name;
  return { at: resource, property: 'FunctionName', must: 'must be a function', got };
}
