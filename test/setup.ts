// CDK's built-in template validator costs every worker seconds; test/validation.test.ts alone switches it on.
process.env.CDK_VALIDATION ??= 'false';
