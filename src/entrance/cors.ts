import { Token } from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { DEFAULTS } from '../defaults';
import { refuse, requireDuration } from '../private/validation';

/** Every method except OPTIONS, the method of preflight requests. */
export const METHODS_EXCEPT_OPTIONS = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

/** A CORS configuration with its defaults filled in. */
export interface CorsRules {
  readonly allowOrigins: string[];
  readonly allowMethods: string[];
  readonly allowHeaders: string[];
  readonly exposeHeaders?: string[];
  readonly allowCredentials?: boolean;
  readonly maxAgeSeconds: number;
}

/**
 * Checks a CORS configuration.
 *
 * @param anyOfScheme whether the entrance accepts `https://*` for every origin with HTTPS
 */
export function validateCors(path: string, cors: apigwv2.CorsPreflightOptions, anyOfScheme: boolean): void {
  const { allowOrigins = [], allowCredentials, maxAge } = cors;
  if (allowOrigins.length === 0) {
    refuse(path, "'allowOrigins' of 'cors' must list at least one origin, got none; add origins such as https://app.example.com");
  }
  for (const origin of allowOrigins) if (!Token.isUnresolved(origin)) validateOrigin(path, origin, anyOfScheme);
  if (allowCredentials && allowOrigins.includes('*')) {
    refuse(path, "'allowOrigins' of 'cors' must not be '*' with 'allowCredentials', got both; browsers reject the combination, so list the origins");
  }
  for (const [prop, headers = []] of [['allowHeaders', cors.allowHeaders], ['exposeHeaders', cors.exposeHeaders]] as const) {
    if (allowCredentials && headers.includes('*')) {
      refuse(path, `'${prop}' of 'cors' must not be '*' with 'allowCredentials', got both; browsers then read '*' as a header name, so list the headers`);
    }
  }
  requireDuration(path, 'maxAge', maxAge, 0, 86_400, 'browsers cache a preflight response for at most a day');
}

/** Fills in the defaults of a CORS configuration. */
export function resolveCors(cors: apigwv2.CorsPreflightOptions): CorsRules {
  const { allowOrigins = [], allowMethods, allowHeaders, exposeHeaders, allowCredentials, maxAge } = cors;
  // With credentials, browsers read '*' as the name of a method.
  const listsEveryMethod = allowCredentials && allowMethods?.includes(apigwv2.CorsHttpMethod.ANY);
  return {
    allowOrigins: [...allowOrigins],
    allowMethods: [...listsEveryMethod ? METHODS_EXCEPT_OPTIONS : allowMethods ?? METHODS_EXCEPT_OPTIONS],
    allowHeaders: [...allowHeaders ?? ['Authorization', 'Content-Type', 'Idempotency-Key']],
    exposeHeaders: exposeHeaders && [...exposeHeaders],
    allowCredentials,
    maxAgeSeconds: maxAge?.toSeconds() ?? DEFAULTS.HttpEntrance.corsMaxAgeSeconds.value,
  };
}

/** Browsers send an origin in one form, and entrances compare it as text. */
function validateOrigin(path: string, origin: string, anyOfScheme: boolean): void {
  if (origin === '*' || origin === 'null' || (anyOfScheme && /^https?:\/\/\*$/.test(origin))) return;
  const reject = (limit: string, fix: string) => refuse(path, `'allowOrigins' of 'cors' must ${limit}, got '${origin}'; ${fix}`);
  if (!/^[a-z][a-z\d+.-]*:\/\/[^/]+$/i.test(origin)) reject('contain only scheme, host and port', 'write it as https://app.example.com, without a slash or path');
  if (origin.includes('*')) reject("not contain '*' beside other characters, because origins are compared as text", 'list each origin');
  if (origin !== origin.toLowerCase()) reject('be in lower case, as browsers send origins', `write it as ${origin.toLowerCase()}`);
  if (/^(https:.*:443|http:.*:80)$/.test(origin)) reject('not contain the default port, which browsers omit', `write it as ${origin.replace(/:\d+$/, '')}`);
  if (!/^[^:]+:\/\/([a-z\d._~-]+|\[[a-f\d:.]+\])(:\d{1,5})?$/.test(origin)) {
    reject('contain only a host name of letters, digits, dots and hyphens, and a port', 'write an international name in its ASCII form (xn--…)');
  }
}
