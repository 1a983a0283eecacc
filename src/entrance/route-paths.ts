import { routeSignature } from './door';
import { EntranceKind } from './entrance-kind';
import { refuse } from '../private/validation';

/** The methods and paths of one entrance. */
export class RoutePaths {
  private readonly signatures = new Set<string>();
  /** Parameters, by the path before them. */
  private readonly parameters = new Map<string, string>();

  constructor(private readonly owner: string, private readonly kind: EntranceKind, private readonly hasCors: boolean) { }

  /** Refuses a method and path that can't be, or can't be beside those before them. */
  public enter(method: string, path: string): void {
    const key = `${method} ${path}`;
    if (!/^\/(([\w.~!$&'()*,;=:@%-]+|\{[\w-]+\})(\/|$))*(\{[\w-]+\+\})?$/.test(path) || (path.length > 1 && path.endsWith('/'))) {
      refuse(this.owner, `'path' must start with a slash, without one at its end, with {name} for one segment and {name+} for the last ones, got '${path}'; write it as /payments/{id}`);
    }
    if (this.kind === EntranceKind.REST_API) this.checkResources(path);
    if (method === 'OPTIONS' && this.hasCors) {
      refuse(this.owner, `'method' of ${key} must not be OPTIONS with 'cors', which answers it; drop the route or 'cors'`);
    }
    const signature = routeSignature(method, path);
    if (this.signatures.has(signature)) refuse(this.owner, `'routes' must differ in method or path, got ${key} twice; drop one`);
    this.signatures.add(signature);
  }

  /** A REST API makes a resource of each segment, and below one there can be one parameter. */
  private checkResources(path: string): void {
    if (!/^[\w.:$/{}+-]*$/.test(path)) {
      refuse(this.owner, `'path' must be of letters, digits and . : _ $ - behind a REST API, got '${path}'; change it, or use Entrance.httpApi()`);
    }
    for (const { index, 0: parameter } of path.matchAll(/\{[^}]+\}/g)) {
      const before = path.slice(0, index);
      const present = this.parameters.get(before) ?? parameter;
      if (present !== parameter) {
        refuse(this.owner, `'path' must have one parameter in one place behind a REST API, got ${parameter} of ${path} beside ${present}; give them one name, or use Entrance.httpApi()`);
      }
      this.parameters.set(before, parameter);
    }
  }
}
