import { patternOf } from '../../graph';
import type { LambdaFunction, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each, eachFunction } from '../support/each';
import type { Found } from '../support/each';

const URLS = SOURCE.lambda('urls-configuration');

export const FUNCTION_URLS_RULES: Rule[] = [
  {
    id: 'LP-H22',
    category: 'http',
    severity: 'error',
    title: 'Function URL is public',
    why: 'With the auth type NONE everyone who knows the URL can invoke the function.',
    fix:
      'use AWS_IAM with CloudFront and origin access control, or acknowledge this finding with the reason '
      + 'why the URL is public',
    source: SOURCE.lambda('urls-auth'),
    elsewhere: 'checkov: CKV_AWS_258',
    practice: true,
    evaluate: each('AWS::Lambda::Url', publicUrl),
  },
  {
    id: 'LP-H23',
    category: 'http',
    severity: 'warning',
    title: 'Function URL has no concurrency limit',
    why: 'Reserved concurrency is the only throttle of a function URL.',
    fix: 'set ReservedConcurrentExecutions to a tenth of the requests a second',
    source: URLS,
    practice: true,
    evaluate: eachFunction(urlWithoutLimit),
  },
  {
    id: 'LP-H24',
    category: 'http',
    severity: 'error',
    title: 'Response streaming is set for a function in a VPC',
    why: 'A function URL does not stream the responses of a function in a VPC.',
    fix: 'use BUFFERED, use a REST API, or remove the function from the VPC',
    source: SOURCE.lambda('configuration-response-streaming'),
    evaluate: eachFunction(streamingInVpc),
  },
  {
    id: 'LP-H25',
    category: 'http',
    severity: 'warning',
    title: 'Response streaming is not supported by the runtime',
    why: 'Of the managed runtimes only Node.js supports response streaming.',
    fix: 'use the Lambda Web Adapter or a custom runtime, and acknowledge this finding',
    source: SOURCE.lambda('configuration-response-streaming'),
    evaluate: eachFunction(streamingNotSupported),
  },
];

function publicUrl(url: Resource): Found {
  if (url.string('AuthType') === 'NONE') {
    return { at: url, property: 'AuthType', must: 'must be AWS_IAM', got: 'NONE' };
  }
  return undefined;
}

function urlWithoutLimit(fn: LambdaFunction): Found {
  if (fn.urls.length > 0 && fn.resource.lacks('ReservedConcurrentExecutions')) {
    return {
      at: fn.resource,
      property: 'ReservedConcurrentExecutions',
      must: `must limit ${fn.urls[0].resource.path}`,
      got: undefined,
    };
  }
  return undefined;
}

function streamingInVpc(fn: LambdaFunction): Found {
  if (!fn.inVpc) return undefined;
  return streamingUrls(fn).map(url => ({
    at: url,
    property: 'InvokeMode',
    must: `must be BUFFERED, because ${fn.path} is in a VPC`,
    got: 'RESPONSE_STREAM',
  }));
}

function streamingNotSupported(fn: LambdaFunction): Found {
  const hasWebAdapter = fn.resource.list('Layers').some(layer => /LambdaAdapterLayer/.test(patternOf(layer)));
  if (!/^(python|java|dotnet|ruby)/.test(fn.runtime) || hasWebAdapter) return undefined;
  return streamingUrls(fn).map(url => ({
    at: url,
    property: 'InvokeMode',
    must: `must be BUFFERED for ${fn.runtime}`,
    got: 'RESPONSE_STREAM',
  }));
}

function streamingUrls(fn: LambdaFunction): Resource[] {
  return fn.urls.map(({ resource }) => resource).filter(url => url.string('InvokeMode') === 'RESPONSE_STREAM');
}
