import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';

/** Who issues the tokens, for whom, and where the keys of the issuer are. */
export interface TokenRules {
  readonly issuer: string;
  /** The accepted values of `aud`, or of `client_id` in tokens without `aud`, such as access tokens of Cognito. */
  readonly audience: readonly string[];
  readonly jwksUrl: string;
}

/** The claims that are verified. */
interface Claims {
  readonly iss?: unknown;
  readonly aud?: unknown;
  readonly client_id?: unknown;
  readonly exp?: unknown;
  readonly nbf?: unknown;
  readonly sub?: unknown;
}

/** An issuer publishes new keys before it signs with them. Tokens with unknown keys must not cause a request each. */
const KEYS_AGAIN_MILLIS = 30_000;
const FETCH_MILLIS = 2_000;
/** The signatures that a load balancer accepts, by the header's `alg`, with the type of their key. */
const ALGORITHMS: Record<string, { readonly hash: string; readonly type: string }> = {
  RS256: { hash: 'sha256', type: 'rsa' },
  RS384: { hash: 'sha384', type: 'rsa' },
  RS512: { hash: 'sha512', type: 'rsa' },
  ES256: { hash: 'sha256', type: 'ec' },
  ES384: { hash: 'sha384', type: 'ec' },
  ES512: { hash: 'sha512', type: 'ec' },
};

/** Verifies tokens behind an entrance that does not do it itself. */
export class Tokens {
  private keys = new Map<string, KeyObject>();
  private fetchedAt = -Infinity;

  constructor(private readonly rules: TokenRules) {}

  /** The subject of a token that is signed by the issuer, meant for this API and valid now; otherwise undefined. */
  public async subjectOf(token: string, now = Date.now() / 1_000): Promise<string | undefined> {
    const [head, body, signature] = token.split('.');
    const { alg, kid } = parsed(head) as { alg?: unknown; kid?: unknown };
    const algorithm = typeof alg === 'string' && Object.hasOwn(ALGORITHMS, alg) ? ALGORITHMS[alg] : undefined;
    const key = algorithm && typeof kid === 'string' ? await this.keyOf(kid) : undefined;
    if (!algorithm || key?.asymmetricKeyType !== algorithm.type) return undefined;
    const isSigned = verify(algorithm.hash, Buffer.from(`${head}.${body}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
    const claims = parsed(body) as Claims;
    return isSigned && this.isFor(claims, now) && typeof claims.sub === 'string' ? claims.sub : undefined;
  }

  private isFor({ iss, aud, client_id: client, exp, nbf = 0 }: Claims, now: number): boolean {
    const audiences = [aud ?? client].flat();
    return iss === this.rules.issuer && this.rules.audience.some(one => audiences.includes(one))
      && typeof exp === 'number' && now < exp && typeof nbf === 'number' && nbf <= now;
  }

  private async keyOf(kid: string): Promise<KeyObject | undefined> {
    if (!this.keys.has(kid) && Date.now() - this.fetchedAt > KEYS_AGAIN_MILLIS) {
      this.fetchedAt = Date.now();
      this.keys = await this.fetchKeys().catch(error => {
        this.fetchedAt = -Infinity;
        throw error;
      });
    }
    return this.keys.get(kid);
  }

  private async fetchKeys(): Promise<Map<string, KeyObject>> {
    const response = await fetch(this.rules.jwksUrl, { signal: AbortSignal.timeout(FETCH_MILLIS) });
    if (!response.ok) throw new Error(`the keys of ${this.rules.issuer} were not available: ${response.status}`);
    const { keys } = await response.json() as { keys: (JsonWebKey & { kid: string; use?: string })[] };
    const signing = keys.filter(({ use = 'sig', kty }) => use === 'sig' && (kty === 'RSA' || kty === 'EC'));
    return new Map(signing.map(jwk => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]));
  }
}

function parsed(part: string): object {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
