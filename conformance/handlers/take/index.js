exports.handler = async event => ({ statusCode: 200, body: JSON.stringify({ status: 'ok', version: process.env.AWS_LAMBDA_FUNCTION_VERSION, path: event.rawPath }) });
