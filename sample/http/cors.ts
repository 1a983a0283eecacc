import type { Middleware } from '@aws-lambda-powertools/event-handler/types';

/**
 * Lets pages of the given origins read the answers behind a REST API, which passes on what the function says. An HTTP API
 * and a function URL set the headers themselves, and a browser refuses them twice.
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
