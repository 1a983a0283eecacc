import { htmlPage } from '../../../src/report/page/html-page';
import { markdownPage } from '../../../src/report/page/markdown-page';
import { textPage } from '../../../src/report/page/text-page';
import { reportOf } from '../../support/report-lines';

const HOSTILE = {
  markup: '</title><script>alert(1)</script><img src=x onerror=alert(1)>',
  attribute: '" onmouseover="alert(1)" x=\'`',
  long: 'x'.repeat(255),
  rightToLeft: '\u05E9\u05DC\u05D5\u05DD \u202Eevil\u202C',
  emoji: '\u{1F469}\u200D\u{1F469}\u200D\u{1F467}\u{1F1EF}\u{1F1F5} \u65E5\u672C\u8A9E\u306E\u95A2\u6570\u540D\u524D',
  control: 'a\u0000\u001B[31mb\nc',
};

function app(name: string) {
  const metadata = { Metadata: { 'aws:cdk:path': `Stack/${name}/Resource` } };
  return {
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} }, ...metadata },
    Fn: {
      Type: 'AWS::Lambda::Function',
      Properties: { Runtime: name, Handler: 'i.h', Code: { ZipFile: 'x' }, Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Environment: { Variables: { [name]: 'v' } } },
      ...metadata,
    },
    Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { 'Fn::GetAtt': ['Fn', 'Arn'] }, AuthType: name }, ...metadata },
    Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: name, Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Fn' } }], AlarmActions: [name] }, ...metadata },
  };
}

const hostile = (name: string) => reportOf(app(name), { name });

describe.each(Object.entries(HOSTILE))('a name with %s', (_, name) => {
  test('cannot add an element or an attribute', () => {
    const page = htmlPage(hostile(name));
    expect(page.match(/<script|<img|<iframe|<object|<link|<base|<form/gi)).toBeNull();
    expect(page.replace(/"[^"]*"/g, '""').match(/<[^>]*\son\w+\s*=/gi)).toBeNull();
    // eslint-disable-next-line no-control-regex -- control characters are the subject
    expect(page.match(/[\u0000-\u0008\u000B-\u001F\u202A-\u202E\u2066-\u2069]/g)).toBeNull();
  });

  test('cannot add markup to markdown, or a line to it or to the text', () => {
    const markdown = markdownPage(hostile(name));
    expect(markdown.match(/<script|<img/gi)).toBeNull();
    // eslint-disable-next-line no-control-regex -- control characters are the subject
    expect(`${markdown}${textPage(hostile(name))}`.match(/[\u0000-\u0008\u000B-\u001F]/g)).toBeNull();
  });
});

test('requests nothing: it has no address but links', () => {
  const page = htmlPage(reportOf(app('Fn')));
  const addresses = [...page.matchAll(/(\w[\w-]*)\s*=\s*"(https?:[^"]*)"/g)].map(([, attribute]) => attribute);
  expect(new Set(addresses)).toEqual(new Set(['href', 'xmlns']));
  expect(page.match(/url\((?!#)|@import|src=/g)).toBeNull();
  expect(page).toContain('default-src \'none\'');
});

test('every id is unique, and every link within the page has its target', () => {
  const page = htmlPage(reportOf(app('Fn')));
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(targets.filter(id => !ids.includes(id))).toEqual([]);
});

test('the same report is the same page', () => {
  expect(htmlPage(reportOf(app('Fn')))).toBe(htmlPage(reportOf(app('Fn'))));
});

test('an app without functions has a page', () => {
  expect(htmlPage(reportOf({}))).toContain('Readiness report: Stack');
});

test('the page is in Japanese if the report is', () => {
  const page = htmlPage(reportOf(app('Fn'), { language: 'ja' }));
  expect(page).toContain('<html lang="ja">');
  expect(page).toMatch(/[\u3040-\u30FF]/);
});

test('the tightest budget counts its share, and is not there without limits', () => {
  const { budgets } = reportOf(app('Fn'));
  expect(htmlPage({ ...reportOf(app('Fn')), budgets: [{ ...budgets[0], used: 600, limit: 500 }] })).toContain('<b>120 %</b>');
  expect(htmlPage({ ...reportOf(app('Fn')), budgets: [] })).not.toContain('tightest');
});
