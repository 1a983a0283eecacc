import { ownModules } from './python-modules';
import type { PythonModule } from './python-modules';
import type { PackageFiles } from '../../../private/package-files';
import { logicalLines, statementsAtImport } from '../../../private/python-source';

/** A call in the source of a function: `psycopg2.connect()` in `app.py`. */
export interface SourceCall {
  readonly file: string;
  readonly call: string;
}

/** What a snapshot of a Python function contains, although each environment needs its own. */
export interface SnapshotState {
  /** Calls at import that return a value which must be unique. */
  readonly unique: SourceCall[];
  /** Calls at import that open a connection or read a credential. */
  readonly outdated: SourceCall[];
  /** Calls of the shared generator of `random`, in functions too, whose state is restored. */
  readonly random: SourceCall[];
}

const RANDOM = /^random\.(?:random|randint|randrange|randbytes|choices?|sample|shuffle|uniform|getrandbits|gauss)$/;
/** With an argument, the values are the same in each environment on purpose, unless it is a call such as `time()`. */
const SEED = /^(?:random\.(?:seed|Random)|numpy\.random\.(?:seed|default_rng|RandomState))$/;
const UNIQUE = new RegExp([
  /^uuid\.uuid[14678]$/, /^os\.urandom$/, /^secrets\.(?:token_\w+|choice|randbelow|randbits)$/,
  /^(?:ulid\.(?:new|ULID)|shortuuid\.uuid|nanoid\.generate)$/, RANDOM,
].map(({ source }) => source).join('|'));
const CONNECTION = new RegExp([
  /^(?:psycopg2?|pymysql|MySQLdb|mysql\.connector|pg8000|pyodbc|oracledb|cx_Oracle|snowflake\.connector)\.connect$/,
  /^redshift_connector\.connect$/, /^(?:websocket|socket)\.create_connection$/,
  /^(?:psycopg|pg8000\.dbapi|pymysql|oracledb)\.(?:Connection\.connect|connect|Connection|create_pool)$/,
  /^(?:pg8000\.native|pymysql\.connections)\.Connection$/, /^psycopg_pool\.ConnectionPool$/,
  /^psycopg2\.pool\.\w*ConnectionPool$/, /^mysql\.connector\.pooling\.MySQLConnectionPool$/,
  /^sqlalchemy\.create_engine\(\)\.(?:connect|begin)$/,
  /^pika\.BlockingConnection$/, /^kafka\.Kafka(?:Producer|Consumer)$/,
].map(({ source }) => source).join('|'));
const CREDENTIAL =
  /(?:^|\.)(?:get_secret_value|generate_db_auth_token|assume_role|get_session_token|parameters\.get_secret)$/;
const HOOK = /\b(?:register_)?(?:after_restore|before_snapshot)\b/;
/** A name with dots, or a method of a result, before a bracket. */
const CALLED = /(?<![\w.])[A-Za-z_]\w*(?:\.\w+)*(?=\s*\()|\.\w+(?=\s*\()/g;
const ENGINE = 'sqlalchemy.create_engine()';
/** How many characters beside a call are read. */
const NEAR = 1_000;
/** The package seeds `random` after each restore. */
const SEEDS_RANDOM = /^cdk_production_lambda_runtime(?:\.|$)/;

/**
 * What the snapshot of a Python function contains that should not be in it. Nothing if the author registers a hook of
 * SnapStart: the hook can renew it.
 */
export function snapshotState(files: PackageFiles, handler: string): SnapshotState {
  const modules = ownModules(files, handler);
  const hasHook = modules.some(({ source }) => logicalLines(source).some(({ text }) => HOOK.test(text)));
  if (hasHook) return { unique: [], outdated: [], random: [] };
  const atImport = modules.flatMap(callsAtImport);
  const everywhere = modules.flatMap(module => callsIn(logicalLines(module.source).map(({ text }) => text), module));
  const isSeeded = modules.some(({ imported }) => [...imported.values()].some(name => SEEDS_RANDOM.test(name)))
    || everywhere.some(({ full }) => full === 'random.seed');
  return {
    unique: atImport.filter(({ full, rest }) => UNIQUE.test(full) || (SEED.test(full) && isUnpredictable(rest))),
    outdated: atImport.filter(({ full, rest }) =>
      CREDENTIAL.test(full) || (CONNECTION.test(full) && !/\bopen\s*=\s*False\b/.test(rest))),
    random: isSeeded ? [] : everywhere.filter(({ full }) => RANDOM.test(full)),
  };
}

interface Call extends SourceCall {
  readonly full: string;
  /** The statement before the call. */
  readonly before: string;
  /** The statement after the name of the function. */
  readonly rest: string;
}

/** A generator without a seed, or with a seed that is the result of a call. */
function isUnpredictable(rest: string): boolean {
  return /^\(\s*\)/.test(rest) || /^\([^()]*\w\s*\(/.test(rest);
}

/** The calls that run for certain: in no condition, and not in a function that runs later. */
function callsAtImport(module: PythonModule): Call[] {
  const statements = statementsAtImport(module.source).filter(text => !/^@|\b(?:if|for)\b/.test(text))
    .map(text => text.replace(/\blambda\b[\s\S]*$/, ''));
  return callsIn(statements, module).filter(({ before }) => !/\b(?:or|and)\s+$/.test(before));
}

function callsIn(statements: readonly string[], { file, imported }: PythonModule): Call[] {
  const engines = new Map<string, string>();
  return statements.flatMap(text => [...text.matchAll(CALLED)].flatMap(({ 0: name, index: at }) => {
    const [head, ...others] = name.split('.');
    const known = engines.get(head) ?? imported.get(head);
    if (known === undefined && !CREDENTIAL.test(name)) return [];
    const full = [known ?? head, ...others].join('.');
    const target = /^(\w+)\s*=\s*$/.exec(text.slice(0, at))?.[1];
    if (target !== undefined && /^sqlalchemy(?:\.\w+)*\.create_engine$/.test(full)) engines.set(target, ENGINE);
    const after = at + name.length;
    return [{
      file,
      call: `${name.replace(/^\./, '')}()`,
      full,
      rest: text.slice(after, after + NEAR),
      before: text.slice(Math.max(0, at - NEAR), at),
    }];
  }));
}
