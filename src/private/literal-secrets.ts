/** Names of secrets, as whole words: TOKENIZER is not the name of a token. */
const SECRET_NAME = new RegExp(
  [
    /(SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY|CREDENTIAL)S?\d*(_|$)/,
    /([sS]ecret|[tT]oken|[pP]assword|[pP]asswd|[aA]piKey|[pP]rivateKey|[cC]redential)s?\d*([A-Z_]|$)/,
  ]
    .map(({ source }) => source)
    .join('|'),
);
/** Suffixes of names that refer to the place or a setting of a secret, and not to the secret. */
const SECRET_PLACE = new RegExp(
  `(${[
    'ARN|NAME|ID|URL|URI|PATH|FILE|TABLE|BUCKET|PREFIX|SUFFIX|REGION|STORE|SOURCE|PROVIDER|PARAM|PARAMETER|REF',
    'ENDPOINT|HEADER|COOKIE|FIELD|CLAIM|SCOPE|ISSUER|AUDIENCE',
    'TTL|AGE|SECONDS|MINUTES|DAYS|DURATION|EXPIRY|EXPIRATION|INTERVAL|TIMEOUT|MILLIS',
    'TYPE|KIND|FORMAT|ALGORITHM|POLICY|LENGTH|LIMIT|ENABLED|REQUIRED|VERSION|USE|STAGE|LEVEL|MODE|SIZE|PORT|COUNT|CONNECTIONS',
  ].join('|')})S?$`,
  'i',
);
/** The settings of the Parameters and Secrets Lambda Extension. */
const EXTENSION = /^PARAMETERS_SECRETS_EXTENSION_/;
/** Values that issuers or formats mark as secrets. */
const SECRET_FORM = new RegExp([
  /^(sk|rk)_(live|test)_\w{8,}$/,
  /^whsec_\w{16,}/,
  /^(AKIA|ASIA)[A-Z0-9]{16}$/,
  /^(gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|npm_\w{30,})$/,
  /^xox[abeoprs]-[\w-]{10,}/,
  /^AIza[\w-]{35}$/,
  /^SG\.[\w-]{16,}\.[\w-]{16,}$/,
  /^eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}$/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
].map(({ source }) => source).join('|'));
/** A password in a URL: `postgres://user:password@host`. */
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:[^\s/?#@]+@/i;

/** Whether a literal value of an environment variable is a secret, by its form or by the name of the variable. */
export function isLiteralSecret(name: string, value: string): boolean {
  if (SECRET_FORM.test(value) || URL_WITH_PASSWORD.test(value)) return true;
  return SECRET_NAME.test(name) && !SECRET_PLACE.test(name) && !EXTENSION.test(name)
    && value.length > 3 && !/^(arn:|https?:|\/|true$|false$|\d+$)/.test(value);
}
