/**
 * Whether a REST API can name a header or query string so in its settings.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function isParameterName(name: string): boolean {
  return /^[\w.$-]+$/.test(name);
}
