import { protocolOf } from './api-protocol';
import { HTTP_API, REST_API } from '../../../aws';
import type { Resource } from '../../graph';

/** How long a REST API waits for the integration of a method, in seconds; AWS documents no default for streaming. */
export function restIntegrationSeconds(method: Resource): number | undefined {
  const isBuffered = method.string('Integration.ResponseTransferMode', 'BUFFERED') === 'BUFFERED';
  if (!isBuffered && method.lacks('Integration.TimeoutInMillis')) return undefined;
  const unset = REST_API.integrationTimeoutDefaultSeconds * 1_000;
  const milliseconds = method.number('Integration.TimeoutInMillis', unset);
  return milliseconds === undefined ? undefined : milliseconds / 1_000;
}

/** How long an HTTP API or a WebSocket API waits for an integration, in seconds. */
export function httpIntegrationSeconds(integration: Resource): number | undefined {
  const isWebSocket = protocolOf(integration) === 'WEBSOCKET';
  const most = isWebSocket ? REST_API.integrationTimeoutDefaultSeconds : HTTP_API.integrationTimeoutMaxSeconds;
  const milliseconds = integration.number('TimeoutInMillis', most * 1_000);
  return milliseconds === undefined ? undefined : milliseconds / 1_000;
}
