import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below what systems hand out for outgoing connections (from 32,768 on Linux, 49,152 on macOS): a port that the system chose
 * can be taken by anybody's connection between the look and the use.
 */
const [FROM, TO] = [15_000, 32_000];

/** A free port on the loopback address. Another program may use it first, so the caller must handle that error. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FROM, TO);
    const server = createServer();
    const isFree = await new Promise<boolean>(resolve => server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)));
    if (!isFree) continue;
    await new Promise(resolve => server.close(resolve));
    return port;
  }
}
