import { allows, clientsOf, grantsOf, patternOf, Text } from '../../graph';
import type { AppGraph, LambdaFunction, Proxy, Resource, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each, eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { eachProxy, usesEndToEndIam, usesIam } from '../support/each-proxy';

const SETUP = SOURCE.aurora('rds-proxy-iam-setup');

export const PROXY_AUTHENTICATION_RULES: Rule[] = [
  {
    id: 'LP-D13',
    category: 'database',
    severity: 'error',
    title: 'IAM authentication is used without TLS',
    why: 'RDS Proxy rejects an authentication token on an unencrypted connection.',
    fix: 'set RequireTLS to true',
    source: SETUP,
    evaluate: each('AWS::RDS::DBProxy', iamWithoutTls),
  },
  {
    id: 'LP-D14',
    category: 'database',
    severity: 'warning',
    title: 'RDS Proxy accepts unencrypted connections',
    why: 'Passwords and data are sent over the network in clear text.',
    fix: 'set RequireTLS to true',
    source: SETUP,
    practice: true,
    evaluate: each('AWS::RDS::DBProxy', tlsNotRequired),
  },
  {
    id: 'LP-D15',
    category: 'database',
    severity: 'error',
    title: 'Database does not accept the IAM login of RDS Proxy',
    why:
      'With end-to-end IAM authentication the proxy logs in with a token, which requires IAM '
      + 'authentication on the cluster.',
    fix: 'set EnableIAMDatabaseAuthentication to true (iamAuthentication: true)',
    source: SETUP,
    evaluate: eachProxy(iamDisabledOnDatabase),
  },
  {
    id: 'LP-D16',
    category: 'database',
    severity: 'error',
    title: 'RDS Proxy is not allowed to log in to the database',
    why:
      'With end-to-end IAM authentication the role of the proxy requires rds-db:connect on the database, '
      + 'which CDK does not grant.',
    fix: 'call cluster.grantConnect(proxyRole, user)',
    source: SETUP,
    evaluate: eachProxy(proxyMayNotConnect),
  },
  {
    id: 'LP-D17',
    category: 'database',
    severity: 'error',
    title: 'End-to-end IAM authentication is set for SQL Server',
    why: 'RDS Proxy supports it for MySQL and PostgreSQL only.',
    fix: 'use a secret',
    source: SETUP,
    evaluate: each('AWS::RDS::DBProxy', iamOnSqlServer),
  },
  {
    id: 'LP-D19',
    category: 'database',
    severity: 'warning',
    title: 'rds-db:connect allows any user or bypasses the proxy',
    why:
      'dbuser:* allows the function to log in as any user. A resource ID of the cluster does not allow a '
      + 'login through the proxy.',
    fix: 'use proxy.grantConnect(function, user)',
    source: SOURCE.aurora('UsingWithRDS.IAMDBAuth.IAMPolicy'),
    evaluate: eachFunction(connectNotRestricted),
  },
];

function iamWithoutTls(proxy: Resource): Found {
  if (proxy.boolean('RequireTLS') === false && usesIam(proxy)) {
    return { at: proxy, property: 'RequireTLS', must: 'must be true with IAM authentication', got: false };
  }
  return undefined;
}

function tlsNotRequired(proxy: Resource): Found {
  if (!usesIam(proxy) && proxy.boolean('RequireTLS', false) === false) {
    return { at: proxy, property: 'RequireTLS', must: 'must be true', got: proxy.get('RequireTLS') };
  }
  return undefined;
}

function iamDisabledOnDatabase({ proxy, databases }: Proxy): Found {
  if (!usesEndToEndIam(proxy)) return undefined;
  return databases
    .filter(database => database.boolean('EnableIAMDatabaseAuthentication', false) === false)
    .map(database => ({
      at: database,
      property: 'EnableIAMDatabaseAuthentication',
      must: `must be true for the proxy ${proxy.path}`,
      got: database.get('EnableIAMDatabaseAuthentication'),
    }));
}

function proxyMayNotConnect({ proxy }: Proxy, app: AppGraph): Found {
  const role = app.resourceOf(proxy.get('RoleArn'), proxy, 'AWS::IAM::Role');
  const grants = role && grantsOf(app, role);
  if (usesEndToEndIam(proxy) && role && grants?.complete
    && !allows([...grants.statements, ...grants.managedStatements], 'rds-db:connect')) {
    return {
      at: role,
      property: 'Policies',
      must: `must allow rds-db:connect for the proxy ${proxy.path}`,
      got: undefined,
    };
  }
  return undefined;
}

function iamOnSqlServer(proxy: Resource): Found {
  if (usesEndToEndIam(proxy) && proxy.string('EngineFamily') === 'SQLSERVER') {
    return { at: proxy, property: 'DefaultAuthScheme', must: 'must be NONE for SQLSERVER', got: 'IAM_AUTH' };
  }
  return undefined;
}

function connectNotRestricted(fn: LambdaFunction, app: AppGraph): Found {
  const usesProxy = app.ofType('AWS::RDS::DBProxy').some(proxy => clientsOf(app, proxy).includes(fn));
  const target = usesProxy ? 'the proxy (prx-...)' : 'the database';
  return (fn.grants?.statements ?? [])
    .filter(({ effect, actions }) => effect === 'Allow' && actions.includes('rds-db:connect'))
    .flatMap(statement =>
      statement.resources
        .filter(value => isBroad(value) || (usesProxy && /dbuser:cluster-/.test(patternOf(value))))
        .map(got => ({
          at: statement.holder,
          property: `${statement.property}.Resource`,
          must: `must name ${target} and one user for ${fn.path}`,
          got: literalPattern(got),
        })),
    );
}

/** Whether the resource of a statement covers every user or every database. */
function isBroad(value: Value): boolean {
  return patternOf(value) === '*' || /dbuser:\*\//.test(literalPattern(value));
}

/** The pattern with `?` for unknown parts, so that every `*` is a wildcard of the template. */
function literalPattern(value: Value): string {
  if (!(value instanceof Text)) return patternOf(value);
  return value.parts.map(part => (typeof part === 'string' ? part : '?')).join('');
}
