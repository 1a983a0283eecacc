import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Project } from './project';

/** Options of the npm command that started the app. They choose where and whether that command installs. */
const OF_COMMAND = /^npm_config_(workspaces?|include_workspace_root|global|location|dry_run|package_lock_only)$/i;
/** Settings of the environment that change what npm installs. */
const CHANGES_PACKAGES = /^npm_config_(ignore_scripts|omit|include|install_strategy|legacy_peer_deps|allow_scripts)$/i;

/**
 * The environment of `npm ci` in a project: the same if the app runs by `npx`, by `npm run`, or without npm.
 *
 * npm passes the settings of the `.npmrc` beside the app to its scripts as variables, which take precedence over the `.npmrc`
 * of the project that is installed. These are removed. Variables of the user and of the CI system stay.
 *
 * @see https://docs.npmjs.com/cli/v11/using-npm/config#environment-variables
 */
export function npmEnvironment(project: Project, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const ofApp = variablesOfApp(project, env);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OF_COMMAND.test(name) && !ofApp.has(name)));
}

/** The variables that change what `npm ci` installs in a project. */
export function installationVariables(project: Project, env: NodeJS.ProcessEnv = process.env): string[] {
  return Object.entries(npmEnvironment(project, env)).filter(([name]) => CHANGES_PACKAGES.test(name))
    .map(([name, value]) => `${name.toLowerCase()}=${value}`).sort();
}

/** The variables that npm made of the `.npmrc` of the app, if the project is another one. Others have another value. */
function variablesOfApp(project: Project, env: NodeJS.ProcessEnv): Set<string> {
  const app = env.npm_config_local_prefix;
  const npmrc = app && path.join(app, '.npmrc');
  if (!npmrc || !fs.existsSync(npmrc) || fs.realpathSync(app) === project.root) return new Set();
  const variables = [...settingsOf(npmrc, env)].map(([key, values]) => ({ name: `npm_config_${key.replace(/-/g, '_').toLowerCase()}`, values }));
  const folder = env.INIT_CWD ?? app;
  return new Set(variables.filter(({ name, values }) => isExported(env[name], values, folder)).map(({ name }) => name));
}

/** The settings of an `.npmrc`: each line adds a value to an array, or replaces the value. */
function settingsOf(npmrc: string, env: NodeJS.ProcessEnv): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  for (const line of fs.readFileSync(npmrc, 'utf8').split(/\r?\n/)) {
    const match = /^\s*([^;#=[\]\s]+)\s*(\[\])?\s*(?:=\s*(.*?))?\s*$/.exec(line);
    if (!match) continue;
    const [, key, array, text = 'true'] = match;
    const plain = /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text.replace(/\s*(?<!\\)[;#].*$/, '');
    const value = plain.replace(/(?<!\\)\$\{([^}?]+)\??\}/g, (_, name) => env[name] ?? '');
    settings.set(key, [...array ? settings.get(key) ?? [] : [], value]);
  }
  return settings;
}

/** Whether npm makes this variable of these values: it completes URLs and paths, and writes false as an empty text. */
function isExported(variable: string | undefined, values: readonly string[], folder: string): boolean {
  const items = variable?.split('\n\n') ?? [];
  return items.length === values.length && values.every((value, index) => [
    /^(false|null)$/.test(value) ? '' : value, `${value}/`, path.resolve(folder, value.replace(/^~(?=\/)/, os.homedir())),
  ].includes(items[index]));
}
