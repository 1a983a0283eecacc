type Json = Record<string, unknown>;

/** A property whose value only the deployment knows. */
export interface DeployTimeValue {
  /** The path of the property: `Environment.Variables.RATE`. */
  readonly property: string;
  /** Where the value comes from: `the parameter Rate`. */
  readonly source: string;
  /** The name of the parameter; undefined if the value does not come from a parameter. */
  readonly parameter?: string;
  /** The value is imported from another stack. */
  readonly imported?: boolean;
}

/** What a template declares beside its resources. */
export interface Declarations {
  /** Where the value of a parameter comes from; undefined if the name is not a parameter whose value can change. */
  sourceOf(parameter: string): string | undefined;
  /** The expression of a condition. */
  condition(name: string): unknown;
}

const IMPORT = 'Fn::ImportValue';
const DYNAMIC = /\{\{resolve:(ssm|ssm-secure|secretsmanager):(.+?)\}\}/g;

/**
 * The parts of resolved properties whose values can change while the text of the template does not: parameters, dynamic references
 * without a version, imports, and branches that such a value selects.
 */
export function deployTimeValuesIn(properties: Json, declarations: Declarations): DeployTimeValue[] {
  const found = new Map<string, DeployTimeValue>();
  const path: string[] = [];
  const add = (value: Omit<DeployTimeValue, 'property'>) => {
    const property = path.join('.');
    found.set(`${property} ${value.source}`, { property, ...value });
  };
  const visit = (value: unknown): void => {
    if (typeof value === 'string') return dynamicReferencesIn(value).forEach(source => add({ source }));
    if (typeof value !== 'object' || value === null) return;
    const name = isJson(value) ? intrinsicOf(value) : undefined;
    if (name !== undefined) return visitIntrinsic(value as Json, name);
    for (const key in value) {
      path.push(key);
      visit((value as Json)[key]);
      path.pop();
    }
  };
  const visitIntrinsic = (value: Json, name: string): void => {
    if (name !== IMPORT) {
      for (const parameter of parametersIn(value, declarations)) add({ source: declarations.sourceOf(parameter)!, parameter });
      if (name === 'Ref') return;
      dynamicReferencesIn(textWithReferences(value)).forEach(source => add({ source }));
    }
    if (name === IMPORT || contains(value, IMPORT)) add({ source: 'an export of another stack', imported: true });
  };
  visit(properties);
  return [...found.values()];
}

/** The parameters on which a value depends, without parameters that only select an export. */
function parametersIn(value: unknown, declarations: Declarations, seen = new Set<string>()): Set<string> {
  const found = new Set<string>();
  const name = (text: unknown) => { if (typeof text === 'string' && declarations.sourceOf(text) !== undefined) found.add(text); };
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) return part.forEach(visit);
    if (!isJson(part)) return;
    for (const [key, argument] of Object.entries(part)) {
      if (key === IMPORT) continue;
      if (key === 'Ref') name(argument);
      if (key === 'Fn::Sub') variablesIn(argument).forEach(name);
      const condition = key === 'Fn::If' && Array.isArray(argument) ? argument[0] : key === 'Condition' ? argument : undefined;
      if (typeof condition === 'string' && !seen.has(condition)) {
        seen.add(condition);
        parametersIn(declarations.condition(condition), declarations, seen).forEach(parameter => found.add(parameter));
      }
      visit(argument);
    }
  };
  visit(value);
  return found;
}

/** The names in a text of Fn::Sub that its own variables do not define. */
function variablesIn(argument: unknown): string[] {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof text !== 'string') return [];
  return [...text.matchAll(/\$\{([^!.{}]+)\}/g)].map(([, name]) => name.trim()).filter(name => !(isJson(variables) && Object.hasOwn(variables, name)));
}

/** CloudFormation reads the newest version of such a value at each deployment; a reference with a version is a constant. */
function dynamicReferencesIn(text: string): string[] {
  if (!text.includes('{{resolve:')) return [];
  return [...text.matchAll(DYNAMIC)].flatMap(([, service, key]) => {
    if (service !== 'secretsmanager') return /:\d+$/.test(key) ? [] : [`the SSM parameter ${key}`];
    const versionId = /:SecretString:[^:]*:[^:]*:([^:]+)$/.exec(key)?.[1];
    return versionId === undefined ? [`the secret ${key.split(':SecretString')[0]}`] : [];
  });
}

/** The texts of a value in their order, with `*` for each reference. */
export function textWithReferences(value: unknown): string {
  if (typeof value === 'string') return value.replace(/\$\{[^!{}]*\}/g, '*');
  if (Array.isArray(value)) return value.map(textWithReferences).join('');
  if (!isJson(value)) return '';
  const [key, argument] = Object.entries(value)[0] ?? [];
  if (key === 'Ref' || key === 'Fn::GetAtt' || key === 'Fn::Select' || key === IMPORT) return '*';
  if (key === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) return argument[1].map(textWithReferences).join(String(argument[0]));
  if (key === 'Fn::Sub') return textWithReferences(Array.isArray(argument) ? argument[0] : argument);
  return Object.values(value).map(textWithReferences).join('');
}

function contains(value: unknown, key: string): boolean {
  if (Array.isArray(value)) return value.some(item => contains(item, key));
  return isJson(value) && Object.entries(value).some(([name, item]) => name === key || contains(item, key));
}

function intrinsicOf(value: Json): string | undefined {
  const [key, ...others] = Object.keys(value);
  return others.length === 0 && (key === 'Ref' || key?.startsWith('Fn::')) ? key : undefined;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
