import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { CorsRules } from './cors';

const { BAD_REQUEST_BODY, BAD_REQUEST_PARAMETERS, DEFAULT_4XX, DEFAULT_5XX, THROTTLED } = apigateway.ResponseType;

/** The body of an error response: the format of the functions' errors, with the default `message` of API Gateway. */
const BODY = '"message":$context.error.messageString,"code":"$context.error.responseType","requestId":"$context.requestId"';

/**
 * Sets the format of a REST API's own error responses, and the CORS headers without which browsers do not show them to scripts.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function addErrorResponses(api: apigateway.RestApi, cors: CorsRules | undefined): void {
  const add = (id: string, type: apigateway.ResponseType, more: { fields?: string; headers?: Record<string, string> } = {}) =>
    api.addGatewayResponse(id, {
      type,
      responseHeaders: { ...cors ? corsHeaders(cors) : {}, ...more.headers },
      templates: { 'application/json': `{${BODY}${more.fields ?? ''}}` },
    });
  const detail = ',"detail":"$context.error.validationErrorString"';
  add('ClientError', DEFAULT_4XX);
  add('ServerError', DEFAULT_5XX);
  add('BadBody', BAD_REQUEST_BODY, { fields: detail });
  add('BadParameters', BAD_REQUEST_PARAMETERS, { fields: detail });
  add('Throttled', THROTTLED, { headers: { 'Retry-After': "'1'" } });
}

function corsHeaders({ allowOrigins, allowCredentials }: CorsRules): Record<string, string> {
  // A gateway response cannot match several origins. Its body contains only data of the request, so any origin may read it.
  const origin = allowOrigins.length === 1 ? `'${allowOrigins[0]}'` : 'method.request.header.Origin';
  return {
    'Access-Control-Allow-Origin': origin,
    ...allowCredentials ? { 'Access-Control-Allow-Credentials': "'true'" } : {},
    ...allowOrigins.length > 1 ? { Vary: "'Origin'" } : {},
  };
}
