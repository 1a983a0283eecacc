import * as os from 'node:os';
import * as path from 'node:path';
import { installationVariables, npmEnvironment } from '../../src/bundling/npm-environment';
import { Project } from '../../src/bundling/project';
import { TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

const project = Project.of(new TestProject().root)!;

/** The variables that `npm ci` gets, when npm started the app in a folder with this `.npmrc`. */
function passed(npmrc: string, variables: Record<string, string>): Record<string, string | undefined> {
  const { npm_config_local_prefix, INIT_CWD, ...others } = npmEnvironment(project, {
    npm_config_local_prefix: new TestProject({ '.npmrc': npmrc }).root, INIT_CWD: '/app', ...variables,
  });
  return others;
}

test.each([
  ['a flag', 'ignore-scripts=true', 'npm_config_ignore_scripts', 'true'],
  ['a flag without a value', 'ignore-scripts', 'npm_config_ignore_scripts', 'true'],
  ['a disabled flag', 'package-lock = false', 'npm_config_package_lock', ''],
  ['a quoted text', 'install-strategy = "nested"', 'npm_config_install_strategy', 'nested'],
  ['a text with a comment', '; ours\n# more\ninstall-strategy=nested ; because', 'npm_config_install_strategy', 'nested'],
  ['the last of two values', 'loglevel=silly\r\nloglevel=warn\r\n', 'npm_config_loglevel', 'warn'],
  ['an array', 'omit[]=dev\nomit[] = optional', 'npm_config_omit', 'dev\n\noptional'],
  ['a URL without a slash at its end', 'registry=https://npm.example.com', 'npm_config_registry', 'https://npm.example.com/'],
  ['a path', 'cafile=certificates/ca.pem', 'npm_config_cafile', '/app/certificates/ca.pem'],
  ['a path in the home folder', 'cafile=~/ca.pem', 'npm_config_cafile', path.join(os.homedir(), 'ca.pem')],
  ['a variable', 'otp=${CODE}', 'npm_config_otp', '123'],
  ['a variable that can be absent', 'otp=a${ABSENT?}b', 'npm_config_otp', 'ab'],
])('%s of the app is not passed', (_, npmrc, name, value) => {
  expect(passed(npmrc, { CODE: '123', [name]: value })).toEqual({ CODE: '123' });
});

test.each([
  ['of the environment', '', 'npm_config_ignore_scripts', 'true'],
  ['with another value than the .npmrc has', 'registry=https://npm.example.com', 'npm_config_registry', 'https://ci.example.com/'],
  ['with more values than the .npmrc has', 'omit[]=dev', 'npm_config_omit', 'dev\n\noptional'],
  ['in upper case, which npm does not write', 'ignore-scripts=true', 'NPM_CONFIG_IGNORE_SCRIPTS', 'true'],
  ['of another name', 'ignore-scripts=true', 'ignore_scripts', 'true'],
  ['of a line that is a comment', '#ignore-scripts=true', 'npm_config_ignore_scripts', 'true'],
])('a variable %s is passed', (_, npmrc, name, value) => {
  expect(passed(npmrc, { [name]: value })).toEqual({ [name]: value });
});

test.each(['workspace', 'workspaces', 'include_workspace_root', 'global', 'location', 'dry_run', 'package_lock_only'])('%s is of the command that npm runs', name => {
  expect(passed('', { [`npm_config_${name}`]: 'x', [`NPM_CONFIG_${name.toUpperCase()}`]: 'x' })).toEqual({});
});

test('the settings of the project are passed, if the app is in its root', () => {
  const app = new TestProject({ '.npmrc': 'ignore-scripts=true' });
  const env = { npm_config_local_prefix: app.root, npm_config_ignore_scripts: 'true' };
  expect(npmEnvironment(Project.of(app.root)!, env)).toEqual(env);
});

test('without npm, all variables are passed', () => {
  const env = { PATH: '/bin', npm_config_ignore_scripts: 'true' };
  expect(npmEnvironment(project, env)).toEqual(env);
});

test('the variables that change what is installed, in any case and order', () => {
  expect(installationVariables(project, { PATH: '/bin', npm_config_omit: 'optional', npm_config_cache: '/c', NPM_CONFIG_IGNORE_SCRIPTS: 'true' }))
    .toEqual(['npm_config_ignore_scripts=true', 'npm_config_omit=optional']);
});
