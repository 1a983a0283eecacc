import { Token } from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { DEFAULTS } from '../defaults';
import { refuse, requireRange, wholeSeconds } from '../private/validation';

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

/** Checks a CORS configuration. */
export function validateCors(path: string, cors: apigwv2.CorsPreflightOptions): void {
  const { allowOrigins = [], allowCredentials, maxAge } = cors;
  if (allowOrigins.length === 0) {
    refuse(path, "'allowOrigins' of 'cors' must list at least one origin, got none; add origins such as https://app.example.com");
  }
  const malformed = allowOrigins.find(origin => !isOrigin(origin));
  if (malformed !== undefined) {
    refuse(path, `'allowOrigins' of 'cors' must contain only scheme, host and port, got '${malformed}'; write it as https://app.example.com, without a slash or path`);
  }
  if (allowCredentials && allowOrigins.includes('*')) {
    refuse(path, "'allowOrigins' of 'cors' must not be '*' with 'allowCredentials', got both; browsers reject the combination, so list the origins");
  }
  for (const [prop, headers = []] of [['allowHeaders', cors.allowHeaders], ['exposeHeaders', cors.exposeHeaders]] as const) {
    if (allowCredentials && headers.includes('*')) {
      refuse(path, `'${prop}' of 'cors' must not be '*' with 'allowCredentials', got both; browsers then read '*' as a header name, so list the headers`);
    }
  }
  if (maxAge) requireRange(path, 'maxAge', wholeSeconds(path, 'maxAge', maxAge), 0, 86_400, 'browsers cache a preflight response for at most a day');
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

function isOrigin(origin: string): boolean {
  return Token.isUnresolved(origin) || /^(\*|null|[a-z][a-z\d+.-]*:\/\/[^/]+)$/i.test(origin);
}
