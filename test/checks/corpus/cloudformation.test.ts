import { CLOUDFORMATION_APPS } from './cloudformation';
import { findings, sam } from './findings';

/** The apps with a finding, each reviewed; the others are correct. */
const FOUND: Record<string, string[]> = {
  'runtime by a mapping of Regions, old in one of them': ['LP-F06 error Work'],
  'parameter that allows deprecated runtimes only': ['LP-F06 error Work'],
  'consumer that a parameter switches on': ['LP-F34 error Jobs'],
  'function on the main route table of its VPC': ['LP-F76 warning Work'],
  'function URL for every web site': ['LP-H03 warning Url'],
  'alarm topic as a dead-letter queue': ['LP-F27 warning Work'],
  'subscription with a FIFO dead-letter queue': ['LP-F170 error Told'],
  'function on Managed Instances with reserved concurrency': ['LP-F141 warning Work'],
  'environment for each tenant, invoked by a schedule': ['LP-F144 warning Nightly'],
  'shared stream with a registered consumer': ['LP-F47 info Source'],
  // IAM can scope the action to the access point, by an ARN with its name
  'access point of S3 Object Lambda': ['LP-F72 warning Role'],
  'distributed map whose tasks do not retry': ['LP-F136 warning Flow'],
};

test('the apps with a finding are in the corpus', () => {
  expect(Object.keys(FOUND).filter(name => CLOUDFORMATION_APPS[name] === undefined)).toEqual([]);
});

test.each(Object.entries(CLOUDFORMATION_APPS))('%s', (name, text) => {
  expect(findings(sam(text))).toEqual(FOUND[name] ?? []);
});
