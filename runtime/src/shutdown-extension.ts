import { request } from 'node:http';

const NAME = 'cdk-production-lambda-shutdown';

let isRegistered = false;

/**
 * Registers this process as an internal extension without events. Then waits for the next event, as each extension must: none comes.
 * A failure is ignored, because the function works without an extension.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
 */
export function registerExtension(): void {
  const { AWS_LAMBDA_RUNTIME_API: api } = process.env;
  if (isRegistered || !api) return;
  isRegistered = true;
  const body = JSON.stringify({ events: [] });
  const headers = { 'Lambda-Extension-Name': NAME, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const registration = request(`http://${api}/2020-01-01/extension/register`, { method: 'POST', headers }, response => {
    response.resume();
    const id = response.headers['lambda-extension-identifier'];
    if (response.statusCode === 200 && typeof id === 'string') waitForEvents(api, id);
  });
  registration.on('error', () => undefined).end(body);
}

function waitForEvents(api: string, id: string): void {
  request(`http://${api}/2020-01-01/extension/event/next`, { headers: { 'Lambda-Extension-Identifier': id } }, response => { response.resume(); })
    .on('error', () => undefined)
    .end();
}
