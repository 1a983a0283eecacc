import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { CorsRules } from './door';

const { BAD_REQUEST_BODY, BAD_REQUEST_PARAMETERS, DEFAULT_4XX, DEFAULT_5XX, THROTTLED } = apigateway.ResponseType;

/** What a REST API answers by itself: the shape of the functions' errors, with the `message` that API Gateway gives by default. */
const SHAPE = '"message":$context.error.messageString,"code":"$context.error.responseType","requestId":"$context.requestId"';

/**
 * Gives the errors of a REST API the one shape and the CORS headers without which a browser hides them from the page.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function addErrorResponses(api: apigateway.RestApi, cors: CorsRules | undefined): void {
  const add = (id: string, type: apigateway.ResponseType, more: { text?: string; headers?: Record<string, string> } = {}) =>
    api.addGatewayResponse(id, {
      type,
      responseHeaders: { ...cors ? corsHeaders(cors) : {}, ...more.headers },
      templates: { 'application/json': `{${SHAPE}${more.text ?? ''}}` },
    });
  const detail = ',"detail":"$context.error.validationErrorString"';
  add('ClientError', DEFAULT_4XX);
  add('ServerError', DEFAULT_5XX);
  add('BadBody', BAD_REQUEST_BODY, { text: detail });
  add('BadParameters', BAD_REQUEST_PARAMETERS, { text: detail });
  add('Throttled', THROTTLED, { headers: { 'Retry-After': "'1'" } });
}

function corsHeaders({ allowOrigins, allowCredentials }: CorsRules): Record<string, string> {
  // Several origins can't be matched here; these bodies tell nothing that the caller didn't send.
  const origin = allowOrigins.length === 1 ? `'${allowOrigins[0]}'` : 'method.request.header.Origin';
  return {
    'Access-Control-Allow-Origin': origin,
    ...allowCredentials ? { 'Access-Control-Allow-Credentials': "'true'" } : {},
    ...allowOrigins.length > 1 ? { Vary: "'Origin'" } : {},
  };
}
