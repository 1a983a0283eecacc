import { isJson } from '../graph/value';
import type { Json } from '../graph/value';

export const IMPLICIT_API = 'ServerlessRestApi';
export const IMPLICIT_HTTP_API = 'ServerlessHttpApi';

/** The type of the events that use an implicit API, and the property with which an event names another API. */
const EVENT: Record<string, readonly [type: string, reference: string]> = {
  [IMPLICIT_API]: ['Api', 'RestApiId'],
  [IMPLICIT_HTTP_API]: ['HttpApi', 'ApiId'],
};

/** Resources of an implicit API, and the conditions that they need in the template. */
interface Conditional {
  readonly created: Record<string, Json>;
  readonly conditions: Json;
}

/**
 * An implicit API exists only if one of the resources exists whose events use it.
 *
 * @param resources the resources of the template before the expansion
 */
export function underCondition(resources: Json, api: string, created: Record<string, Json>): Conditional {
  const found = Object.values(resources).filter(isJson).filter(resource => usesImplicit(resource, EVENT[api]))
    .map(({ Condition }) => Condition);
  const names = [...new Set(found)];
  if (names.length === 0 || names.some(name => typeof name !== 'string')) return { created, conditions: {} };
  const Condition = names.length === 1 ? names[0] : `${api}Condition`;
  const any = { 'Fn::Or': names.map(name => ({ Condition: name })) };
  return {
    created: Object.fromEntries(Object.entries(created).map(([id, resource]) => [id, { ...resource, Condition }])),
    conditions: names.length === 1 ? {} : { [`${api}Condition`]: any },
  };
}

function usesImplicit({ Properties }: Json, [type, reference]: readonly [string, string]): boolean {
  const events = isJson(Properties) && isJson(Properties.Events) ? Object.values(Properties.Events) : [];
  return events.filter(isJson).some(event => (
    event.Type === type && !(isJson(event.Properties) && event.Properties[reference] !== undefined)));
}
