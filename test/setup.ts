// CDK's built-in template validator costs every worker seconds; test/validation.test.ts alone switches it on.
process.env.CDK_VALIDATION ??= 'false';
// The SDK of the tests does not decide which versions of Node.js the library supports.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// A tenth of the time of the tests would go into the stack trace of each resource, which no template contains.
process.env.CDK_CONTEXT_JSON ??= JSON.stringify({ 'aws:cdk:disable-creation-stack-traces': true });
// Jest sets 100, and CDK takes a stack trace of each acknowledgement.
Error.stackTraceLimit = 20;
