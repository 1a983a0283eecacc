import { protocolOf } from './api-protocol';
import { HTTP_API, REST_API } from '../../../aws';
import type { Resource } from '../../graph';

/** How long a REST API waits for the integration of a method, in seconds. */
export function restIntegrationSeconds(method: Resource): number | undefined {
  const unset = REST_API.integrationTimeoutDefaultSeconds * 1_000;
  const milliseconds = method.number('Integration.TimeoutInMillis', unset);
  return milliseconds === undefined ? undefined : milliseconds / 1_000;
}

/** How long an HTTP API waits for an integration, in seconds; undefined for a WebSocket API. */
export function httpIntegrationSeconds(integration: Resource): number | undefined {
  const milliseconds = integration.number('TimeoutInMillis', HTTP_API.integrationTimeoutMaxSeconds * 1_000);
  return milliseconds === undefined || protocolOf(integration) === 'WEBSOCKET' ? undefined : milliseconds / 1_000;
}
