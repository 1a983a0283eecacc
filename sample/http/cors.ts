import type { Middleware } from '@aws-lambda-powertools/event-handler/types';

/**
 * Allows pages of the configured origins to read responses behind a REST API, which forwards the function's headers. An HTTP API
 * and a function URL set the headers themselves, and a browser rejects duplicate headers.
 */
export function corsBehindRestApi(origins: readonly string[]): Middleware {
  return async ({ reqCtx, next }) => {
    const origin = reqCtx.req.headers.get('origin');
    if (reqCtx.responseType === 'ApiGatewayV1' && origin !== null && origins.includes(origin)) {
      reqCtx.res.headers.set('access-control-allow-origin', origin);
      reqCtx.res.headers.set('vary', 'Origin');
    }
    await next();
  };
}
