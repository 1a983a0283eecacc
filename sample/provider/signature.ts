import { createHmac, timingSafeEqual } from 'node:crypto';

/** The allowed difference between the signed time and now. */
const TOLERANCE_SECONDS = 300;
const HEADER = /^t=(\d{1,12})((?:,v1=[0-9a-f]{64}){1,5})$/;

/** The provider's signature in the header `x-signature`: the time, and an HMAC of the time and the body. With two secrets in a rotation, it has two of them. */
export function signatureOf(body: string, secret: string, seconds = Math.floor(Date.now() / 1_000)): string {
  return `t=${seconds},v1=${hmac(body, secret, seconds).toString('hex')}`;
}

/** Whether the provider signed the body recently: a recorded webhook cannot be replayed later. */
export function isSigned(body: string, header: string | null | undefined, secret: string, now = Math.floor(Date.now() / 1_000)): boolean {
  const [, time, all] = HEADER.exec(header ?? '') ?? [];
  if (time === undefined || Math.abs(now - Number(time)) > TOLERANCE_SECONDS) return false;
  const expected = hmac(body, secret, Number(time));
  return all.slice(',v1='.length).split(',v1=').some(given => timingSafeEqual(Buffer.from(given, 'hex'), expected));
}

function hmac(body: string, secret: string, seconds: number): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest();
}
