import fs from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

type Parameters = ConstructorParameters<typeof TestEnvironment>;

/** Its real path: in a worktree it can be a link. */
const NODE_MODULES = join(fs.realpathSync(join(__dirname, '../node_modules')), '/');
/** The packages that are loaded once for several test files. Jest itself loads and compiles all modules for each file. */
const SHARED = ['aws-cdk-lib/', 'constructs/'].map(name => join(NODE_MODULES, name));
/** What V8 made of each module. */
const compiled = new Map<string, { readonly code: string; readonly cachedData: Buffer }>();
const { compileFunction } = vm;

/** An environment in which several test files run one after the other, each with modules of its own but for the shared packages. */
class Environment extends TestEnvironment {
  private readonly modules = new Map<string, { exports: unknown }>();
  private readonly properties = new Set(Reflect.ownKeys(this.global));
  private readonly variables = { ...this.global.process.env };
  private readonly exit = this.global.process.exit;

  public override async teardown(): Promise<void> {
    const { process } = this.global;
    for (const key of Reflect.ownKeys(this.global)) {
      if (!this.properties.has(key) && !isOfCdk(key)) Reflect.deleteProperty(this.global, key);
    }
    for (const name of Object.keys(process.env)) if (!(name in this.variables)) delete process.env[name];
    Object.assign(process.env, this.variables);
    process.exit = this.exit;
  }

  /** The exports of a file of a shared package, and of all that it requires. */
  public load(file: string): unknown {
    const known = this.modules.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as unknown, id: file, filename: file };
    this.modules.set(file, module);
    const code = fs.readFileSync(file, 'utf8');
    if (file.endsWith('.json')) return (module.exports = this.global.JSON.parse(code));
    const { resolve } = createRequire(file);
    const requires = Object.assign((id: string) => isBuiltin(id) ? process.getBuiltinModule(id) : this.load(resolve(id)), { resolve });
    const run = compile(code, ['module', 'exports', 'require', '__filename', '__dirname'], { filename: file, parsingContext: this.context! });
    run.call(module.exports, module, module.exports, requires, file, dirname(file));
    return module.exports;
  }
}

let current: Environment | undefined;

/** What CDK keeps beside its modules, which stay loaded. What this repository's packages keep is of one test file. */
function isOfCdk(key: string | symbol): boolean {
  return /cdk(?!-production-lambda)|constructs|jsii/i.test(String(key));
}

const compile: typeof compileFunction = (code, params, options = {}) => {
  const { filename = '' } = options;
  const known = compiled.get(filename);
  const cachedData = known?.code === code ? known.cachedData : undefined;
  const result = compileFunction(code, params, { ...options, cachedData, produceCachedData: cachedData === undefined });
  if (result.cachedData !== undefined) compiled.set(filename, { code, cachedData: result.cachedData });
  return result;
};

vm.compileFunction = ((code, params, options = {}) => {
  const { filename = '' } = options;
  const environment = current;
  return environment !== undefined && SHARED.some(folder => filename.startsWith(folder))
    ? (module: { exports: unknown }) => { module.exports = environment.load(filename); }
    : compile(code, params, options);
}) as typeof compileFunction;

export default function environmentOf(...parameters: Parameters): Environment {
  return (current ??= new Environment(...parameters));
}
