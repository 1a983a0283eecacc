import { createSign, createVerify, generateKeyPairSync } from 'node:crypto';

export interface TokenRules {
  readonly issuer: string;
  readonly audience: readonly string[];
}

/** Signs and checks JSON web tokens by a key of this run, in place of the login that the template names. */
export class Tokens {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  public sign(claims: Record<string, unknown>): string {
    const text = [{ alg: 'RS256', typ: 'JWT' }, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${text}.${createSign('RSA-SHA256').update(text).sign(this.keys.privateKey, 'base64url')}`;
  }

  /** The claims of a token that is good for `rules`, as an HTTP API checks them: signature, issuer, audience, times. */
  public verify(token: string, { issuer, audience }: TokenRules, now = Date.now() / 1_000): Record<string, unknown> | undefined {
    const [head, body, signature] = token.split('.');
    if (!head || !body || !signature) return undefined;
    try {
      if (JSON.parse(Buffer.from(head, 'base64url').toString()).alg !== 'RS256') return undefined;
      if (!createVerify('RSA-SHA256').update(`${head}.${body}`).verify(this.keys.publicKey, signature, 'base64url')) return undefined;
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
      const isTimely = claims.exp > now && (claims.nbf ?? 0) <= now;
      return isTimely && claims.iss === issuer && audience.includes(claims.aud ?? claims.client_id) ? claims : undefined;
    } catch {
      return undefined;
    }
  }
}
