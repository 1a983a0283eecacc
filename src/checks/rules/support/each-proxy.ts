import { collect } from './each';
import type { Found } from './each';
import { asString, member, proxiesOf } from '../../graph';
import type { AppGraph, Proxy, Resource } from '../../graph';
import type { Problem } from '../rule';

/** Checks every RDS Proxy with its target group and databases. */
export function eachProxy(check: (proxy: Proxy, app: AppGraph) => Found): (app: AppGraph) => Problem[] {
  return app => collect(proxiesOf(app), check, app);
}

/** Whether the proxy logs in to the database with IAM authentication too. */
export function usesEndToEndIam(proxy: Resource): boolean {
  return proxy.string('DefaultAuthScheme') === 'IAM_AUTH';
}

/** Whether clients log in to the proxy with IAM authentication. */
export function usesIam(proxy: Resource): boolean {
  return usesEndToEndIam(proxy) || proxy.list('Auth').some(auth => asString(member(auth, 'IAMAuth')) === 'REQUIRED');
}
