/** Names of secrets, as whole words: TOKENIZER is not the name of a token. */
const SECRET_NAME = new RegExp(
  [
    /(SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|(API|PRIVATE|ACCESS|SIGNING|ENCRYPTION|LICENSE|MASTER|HMAC)_?KEY|CREDENTIAL)S?\d*(_|$)/,
    /([sS]ecret|[tT]oken|[pP]assword|[pP]asswd|[pP]assphrase|[cC]redential)s?\d*([A-Z_]|$)/,
    /([aA]pi|[pP]rivate|[aA]ccess|[sS]igning|[eE]ncryption|[lL]icense|[mM]aster|[hH]mac)_?[kK]eys?\d*([A-Z_]|$)/,
    /(^|_)(PASS|PWD|pass|pwd)$|[a-z](Pass|Pwd)$/,
  ]
    .map(({ source }) => source)
    .join('|'),
);
/** Suffixes of names that refer to the place or a setting of a secret, and not to the secret. */
const SECRET_PLACE = new RegExp(
  `(${[
    'ARN|NAME|ID|URL|URI|PATH|FILE|TABLE|BUCKET|PREFIX|SUFFIX|REGION|STORE|SOURCE|PROVIDER|PARAM|PARAMETER|REF',
    'ENDPOINT|HEADER|COOKIE|FIELD|CLAIM|SCOPE|ISSUER|AUDIENCE|HOST|DOMAIN|PAGE|ROUTE|TEMPLATE',
    'QUEUE|TOPIC|STREAM|FUNCTION|LAMBDA|SERVICE|MANAGER|BACKEND|DRIVER|HASHER|STRATEGY|ROTATION',
    'TTL|AGE|SECONDS|MINUTES|DAYS|DURATION|EXPIRY|EXPIRATION|INTERVAL|TIMEOUT|MILLIS',
    'ALIAS|TYPE|KIND|FORMAT|ALGORITHM|POLICY|LENGTH|LIMIT|ENABLED|REQUIRED|VERSION|USE|STAGE|LEVEL|MODE|SIZE|PORT|COUNT|CONNECTIONS',
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
  /^(AIza[\w-]{35}|GOCSPX-[\w-]{20,}|ya29\.[\w-]{20,})$/,
  /^(sk-(ant-|proj-)?[\w-]{20,}|hf_\w{30,}|shp(at|ca|pa|ss)_[0-9a-f]{32}|dop_v1_[0-9a-f]{64}|pypi-[\w-]{40,}|SK[0-9a-f]{32}|key-[0-9a-f]{32})$/,
  /^SG\.[\w-]{16,}\.[\w-]{16,}$/,
  /^eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}$/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /^(Basic|Bearer) [\w+/.~-]{16,}=*$/,
  /^https:\/\/(hooks\.slack\.com\/services\/\w+\/\w+\/\w+|(\w+\.)?discord(app)?\.com\/api\/webhooks\/\d+\/[\w-]+)/,
  /^\d{8,10}:AA[\w-]{33}$/,
].map(({ source }) => source).join('|'));
/** A password in a URL (`postgres://user:password@host`, `jdbc:…?password=…`) or in a connection string (`Server=…;Password=…`). */
const PASSWORD_IN_TEXT = new RegExp([
  /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:[^\s/?#@]+@/,
  /^[a-z][a-z0-9+.:-]*:\/\/\S*[?&;](password|pwd)=[^\s&;]+/,
  /(^|;)\s*(password|pwd|accountkey|sharedaccesskey|secret)\s*=\s*[^\s;]+/,
].map(({ source }) => source).join('|'), 'i');
/** Names of passwords, whose value is a secret also if it has digits only. A number of tokens or keys is none. */
const PASSWORD_NAME = /(pass(word|wd|phrase)?|pwd)\d*$/i;

/** Whether a literal value of an environment variable is a secret, by its form or by the name of the variable. */
export function isLiteralSecret(name: string, value: string): boolean {
  if (SECRET_FORM.test(value) || PASSWORD_IN_TEXT.test(value)) return true;
  if (!SECRET_NAME.test(name) || SECRET_PLACE.test(name) || EXTENSION.test(name) || value.length <= 3) return false;
  return !/^(arn:|https?:|\/|true$|false$)/.test(value) && (PASSWORD_NAME.test(name) || !/^\d+$/.test(value));
}
