import { isLiteralSecret } from '../../src/private/literal-secrets';

describe('a name of a secret', () => {
  test.each([
    'DB_PASS', 'DB_PWD', 'PGPASSWORD', 'dbPassword', 'dbPass', 'db_password', 'PASSPHRASE', 'ACCESS_KEY', 'AWS_SECRET_ACCESS_KEY', 'JWT_SIGNING_KEY', 'ENCRYPTION_KEY',
    'LICENSE_KEY', 'apikey', 'apiKey', 'API_TOKEN_2', 'CLIENT_SECRET', 'MYSQL_ROOT_PASSWORD', 'MASTER_KEY', 'hmacKey',
  ])('%s', name => expect(isLiteralSecret(name, 'abcdEFGH12')).toBe(true));

  test.each(['DB_PASSWORD', 'PGPASSWORD', 'DB_PASS', 'dbPwd'])('%s, also with digits only', name => expect(isLiteralSecret(name, '12345678')).toBe(true));

  test.each([
    'TOKENIZER', 'SECRET_NAME', 'PASSWORD_POLICY', 'PASSWORD_MIN_LENGTH', 'PARTITION_KEY', 'PRIMARY_KEY', 'SORT_KEY', 'CACHE_KEY', 'PUBLIC_KEY', 'KEYBOARD', 'COMPASS',
    'PASS_THROUGH', 'BYPASS', 'bypass', 'ENCRYPTION_KEY_ALIAS', 'CSRF_TOKEN_NAME', 'API_KEY_HEADER', 'PARAMETERS_SECRETS_EXTENSION_LOG_LEVEL',
    'TOKEN_SERVICE', 'SECRET_MANAGER', 'PASSWORD_HASHER', 'LOGIN_TOKEN_QUEUE', 'ACCESS_KEY_ROTATION', 'PASSWORD_RESET_TEMPLATE',
  ])('%s is none', name => expect(isLiteralSecret(name, 'abcdEFGH12')).toBe(false));

  test.each([['MAX_TOKENS', '4096'], ['USE_TOKEN', 'true'], ['TOKEN', 'https://example.com/token'], ['ACCESS_KEYS', '3']])('%s=%s is none', (name, value) => {
    expect(isLiteralSecret(name, value)).toBe(false);
  });
});

describe('the form of a secret', () => {
  const letters = (count: number) => 'abcdefghij'.repeat(7).slice(0, count);
  const digits = (count: number) => '0123456789'.repeat(7).slice(0, count);
  test.each([
    ['Stripe', `sk_${'live'}_${letters(20)}`], ['OpenAI', `sk-proj-${letters(30)}`], ['Anthropic', `sk-ant-api03-${letters(20)}`], ['Twilio', `SK${digits(32)}`],
    ['Hugging Face', `hf_${letters(34)}`], ['Shopify', `shpat_${digits(32)}`], ['a Google client', `GOCSPX-${letters(28)}`], ['Mailgun', `key-${digits(32)}`],
    ['PyPI', `pypi-${letters(50)}`], ['DigitalOcean', `dop_v1_${digits(64)}`], ['Slack', `https://hooks.slack.com/services/T000/B000/${letters(24)}`],
    ['Discord', `https://discord.com/api/webhooks/${digits(18)}/${letters(60)}`], ['Telegram', `${digits(9)}:AA${letters(33)}`],
    ['HTTP basic authentication', 'Basic dXNlcjpwYXNzd29yZA=='], ['a bearer token', `Bearer ${letters(20)}`], ['a private key', '-----BEGIN EC PRIVATE KEY-----'],
    ['a URL with a password', 'mongodb+srv://app:hunter22@cluster.example.net/shop'], ['Redis', 'redis://:hunter22@cache.example.com:6379'],
    ['JDBC', 'jdbc:postgresql://db.example.com/shop?user=app&password=hunter22'], ['ODBC', 'Server=db;User Id=app;Password=hunter22;'],
    ['Azure', 'DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=abcdef+/==;EndpointSuffix=core.windows.net'],
  ])('of %s', (_, value) => expect(isLiteralSecret('SETTING', value)).toBe(true));

  test.each([
    'postgres://db.example.com:5432/shop', 'https://example.com/a:b@c', 'Basic training', 'Bearer', '-----BEGIN PUBLIC KEY-----', 'sk-learn', 'key-value', 'region=eu;mode=fast',
    'jdbc:postgresql://db.example.com/shop?user=app&ssl=true', 'hf_model',
  ])('not %s', value => expect(isLiteralSecret('SETTING', value)).toBe(false));
});
