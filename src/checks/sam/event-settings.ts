import { IMPLICIT_API, IMPLICIT_HTTP_API } from './implicit-apis';
import { EVENT_AUTHORIZERS, operationKey } from './open-api';
import { merge, withoutUndefined } from './properties';
import { isJson, textOf } from '../graph/value';
import type { Json } from '../graph/value';

/** The settings that events add to their API, by its logical ID: resource policies and throttles of routes. */
export function eventSettings(resources: readonly Json[]): Map<string, Json> {
  const settings = new Map<string, Json>();
  for (const { Properties } of resources) {
    for (const event of Object.values(asJson(asJson(Properties).Events))) {
      const { Type, Properties: properties } = asJson(event);
      const [reference, added] = settingsOf(textOf(Type), asJson(properties));
      const id = textOf(isJson(reference) ? reference.Ref : reference);
      if (added) settings.set(id, merge(settings.get(id) ?? {}, added));
    }
  }
  return settings;
}

function settingsOf(type: string, event: Json): [api: unknown, added?: Json] {
  if (type === 'HttpApi') {
    const { ApiId = IMPLICIT_HTTP_API, RouteSettings, Path, Method } = event;
    const key = Path === undefined ? '$default' : `${textOf(Method).toUpperCase()} ${textOf(Path)}`;
    const authorizer = asJson(event.Auth).Authorizer;
    const ofOperation = { [operationKey(Path ?? '$default', Method)]: authorizer };
    return [ApiId, withoutUndefined({
      RouteSettings: isJson(RouteSettings) ? { [key]: RouteSettings } : undefined,
      Auth: typeof authorizer === 'string' ? { [EVENT_AUTHORIZERS]: ofOperation } : undefined,
    })];
  }
  const { RestApiId = IMPLICIT_API, Auth } = event;
  const { ResourcePolicy } = asJson(Auth);
  return [RestApiId, isJson(ResourcePolicy) ? { Auth: { ResourcePolicy } } : undefined];
}

function asJson(value: unknown): Json {
  return isJson(value) ? value : {};
}
