import { type AccessSpec, isSameAccess } from './access-spec';
import { EntranceKind } from './entrance-capabilities';
import { bySpecificity, patternOf } from './listener-rules';
import { type ResolvedRoute, routeKey } from './resolved-route';

/** A value of a parameter in an example of a path. */
const ANY_SEGMENT = 'x';

/**
 * Finds routes whose access another route would replace. Called at synthesis, when all routes are known: a further route
 * can take precedence over both.
 */
export function findOverlapProblems(kind: EntranceKind, isPrivateApi: boolean, routes: readonly ResolvedRoute[]): string[] {
  if (kind === EntranceKind.LOAD_BALANCER) return unauthenticatedOverlaps(routes);
  return isPrivateApi ? iamOverlaps(routes) : [];
}

/** Finds routes of a load balancer whose requests reach a rule with another authentication. */
export function findAuthenticationOverlaps(routes: readonly ResolvedRoute[]): string[] {
  const differ = (rule: AccessSpec, route: AccessSpec) => isAuthenticated(rule) && isAuthenticated(route) && !isSameAccess(rule, route);
  return overlapsOf(routes, differ).map(({ rule, route, example }) =>
    `a load balancer forwards ${example} of ${routeKey(route)} by the rule of ${routeKey(rule)}, which authenticates with another access: * in a path pattern matches slashes; `
      + 'use the same access, different prefixes, or Entrance.httpApi()');
}

function unauthenticatedOverlaps(routes: readonly ResolvedRoute[]): string[] {
  return overlapsOf(routes, (rule, route) => !isAuthenticated(rule) && isAuthenticated(route)).map(({ rule, route, example }) =>
    `'access' of ${routeKey(rule)} must be the access of ${routeKey(route)}, got none: a load balancer forwards ${example} by the first rule without authentication, `
      + 'because * in a path pattern matches slashes; use different prefixes, authenticate both, or use Entrance.httpApi()');
}

/**
 * A resource policy that allows a route without IAM allows every AWS principal to call the routes with IAM that its pattern
 * matches.
 */
function iamOverlaps(routes: readonly ResolvedRoute[]): string[] {
  const byIam = routes.filter(({ access }) => access.kind === 'iam');
  const others = routes.filter(({ access }) => access.kind !== 'iam');
  return byIam.flatMap(route => others
    .filter(other => shareMethod(other, route) && exampleOf(other.path, route.path, false) !== undefined)
    .map(other => `'path' of ${routeKey(other)} must not match ${routeKey(route)}, whose access is by IAM: the resource policy of a private API would allow both `
      + 'to every AWS principal; use different prefixes, or two entrances'));
}

interface Overlap {
  readonly rule: ResolvedRoute;
  readonly route: ResolvedRoute;
  /** A path of `route` that the rule of `rule` matches. */
  readonly example: string;
}

function overlapsOf(routes: readonly ResolvedRoute[], isProblem: (rule: AccessSpec, route: AccessSpec) => boolean): Overlap[] {
  const ordered = [...routes].sort(bySpecificity);
  return ordered.flatMap((rule, index) => ordered.slice(index + 1).flatMap(route => {
    if (!isProblem(rule.access, route.access) || !shareMethod(rule, route)) return [];
    const example = exampleOf(rule.path, route.path, true);
    if (example === undefined) return [];
    const isMatchedBefore = ordered.slice(0, index).some(earlier => coversMethods(earlier, rule, route)
      && matches(earlier.path, example) && !isProblem(earlier.access, route.access));
    return isMatchedBefore ? [] : [{ rule, route, example }];
  }));
}

function isAuthenticated(access: AccessSpec): boolean {
  return access.kind !== 'unauthenticated';
}

function shareMethod(a: ResolvedRoute, b: ResolvedRoute): boolean {
  return a.method === b.method || a.method === 'ANY' || b.method === 'ANY';
}

/** Whether a rule applies to all methods that two routes share. */
function coversMethods(rule: ResolvedRoute, a: ResolvedRoute, b: ResolvedRoute): boolean {
  return rule.method === 'ANY' || rule.method === (a.method === 'ANY' ? b.method : a.method);
}

function matches(path: string, example: string): boolean {
  const literals = patternOf(path).split('*').map(text => text.replace(/[^\w/]/g, '\\$&'));
  return new RegExp(`^${literals.join('.*')}$`).test(example);
}

/**
 * A path of the second route that the pattern of the first route matches, with `*` for each parameter.
 *
 * @param beyond whether a parameter of the first route must match several segments, so that the path is not one of its own
 */
function exampleOf(pattern: string, path: string, beyond: boolean): string | undefined {
  const [left, right] = [pattern.split('/').slice(1), path.split('/').slice(1)];
  const seen = new Set<string>();
  const walk = (i: number, j: number, isBeyond: boolean): string[] | undefined => {
    const state = `${i} ${j} ${isBeyond}`;
    if (seen.has(state)) return undefined;
    seen.add(state);
    if (i >= left.length || j >= right.length) return i >= left.length && j >= right.length && (isBeyond || !beyond) ? [] : undefined;
    const segment = commonSegment(left[i], right[j]);
    if (segment === undefined) return undefined;
    const nextRight = isGreedy(right[j]) ? [j + 1, j] : [j + 1];
    const nextLeft: [number, boolean][] = isParameter(left[i]) ? [[i + 1, isBeyond], [i, isBeyond || !isGreedy(left[i])]] : [[i + 1, isBeyond]];
    for (const [nextI, nextBeyond] of nextLeft) {
      for (const nextJ of nextRight) {
        const rest = walk(nextI, nextJ, nextBeyond);
        if (rest) return [segment, ...rest];
      }
    }
    return undefined;
  };
  const segments = walk(0, 0, false);
  return segments && `/${segments.join('/')}`;
}

function commonSegment(a: string, b: string): string | undefined {
  if (isParameter(a)) return isParameter(b) ? ANY_SEGMENT : b;
  return isParameter(b) || a === b ? a : undefined;
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}

function isGreedy(segment: string): boolean {
  return segment.endsWith('+}');
}
