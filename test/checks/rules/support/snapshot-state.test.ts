import * as fc from 'fast-check';
import { snapshotState } from '../../../../src/checks/rules/support/snapshot-state';
import type { PackageFiles } from '../../../../src/private/package-files';

const packageOf = (files: Record<string, string>): PackageFiles => ({
  names: Object.keys(files),
  has: name => Object.hasOwn(files, name),
  read: (name, bytes) => Buffer.from(files[name]).subarray(0, bytes),
  isExecutable: () => undefined,
});
const unique = (source: string) => snapshotState(packageOf({ 'app.py': source }), 'app.handler').unique.map(({ call }) => call);
const outdated = (source: string) => snapshotState(packageOf({ 'app.py': source }), 'app.handler').outdated.map(({ call }) => call);

test.each([
  ['an alias of a module', 'import numpy as np\nRNG = np.random.default_rng()', ['np.random.default_rng()']],
  ['an alias of a function', 'from uuid import uuid4 as new\nID = new()', ['new()']],
  ['a call as an argument', 'import uuid\nLOG = Logger(instance=str(uuid.uuid4()))', ['uuid.uuid4()']],
  ['a block that always runs', 'import uuid\nwith lock:\n    ID = uuid.uuid4()', ['uuid.uuid4()']],
  ['several statements on one line', 'import os; SALT = os.urandom(8)', ['os.urandom()']],
])('finds a unique value: %s', (_, source, calls) => expect(unique(source)).toEqual(calls));

test.each([
  ['another library with the same name', 'from shop import uuid4\nID = uuid4()'],
  ['a method of the same name', 'import uuid\nID = shop.uuid.uuid4()'],
  ['a comparison without a call', 'import uuid\nMAKE = uuid.uuid4'],
  ['an argument of a decorator', 'import random\n@retry(wait=random.uniform(1, 2))\ndef f(): ...'],
  ['a choice', 'import uuid\nID = uuid.uuid4() if LOCAL else None'],
  ['a function on one line', 'import uuid\ndef new(): return uuid.uuid4()'],
  ['a class on one line', 'import uuid\nclass A: id = uuid.uuid4()'],
  ['a constant seed', 'import numpy as np\nnp.random.seed(42)\nR = np.random.RandomState(seed=1)'],
  ['an import of types', 'import uuid\nif TYPE_CHECKING: ID = uuid.uuid4()'],
])('finds no unique value: %s', (_, source) => expect(unique(source)).toEqual([]));

test.each([
  ['import pymysql.cursors\nCONNECTION = pymysql.connect(host=HOST)', ['pymysql.connect()']],
  ['import psycopg\nCONNECTION = psycopg.Connection.connect(DSN)', ['psycopg.Connection.connect()']],
  ['from psycopg_pool import ConnectionPool\nPOOL = ConnectionPool(DSN, min_size=1)', ['ConnectionPool()']],
  ['from aws_lambda_powertools.utilities import parameters\nKEY = parameters.get_secret("key")', ['parameters.get_secret()']],
])('finds what is outdated after a restore: %s', (source, calls) => expect(outdated(source)).toEqual(calls));

test('modules are read once, also in a circle of imports', () => {
  const files = packageOf({
    'shop/__init__.py': 'from .app import handler',
    'shop/app.py': 'from . import ids\nfrom ..other import x\nimport json',
    'shop/ids.py': 'from shop import app\nimport uuid\nID = uuid.uuid4()',
    'json.py': 'import uuid\nID = uuid.uuid4()',
  });
  expect(snapshotState(files, 'shop/app.handler').unique).toEqual([
    expect.objectContaining({ file: 'shop/ids.py', call: 'uuid.uuid4()' }), expect.objectContaining({ file: 'json.py', call: 'uuid.uuid4()' }),
  ]);
});

const WORDS = ['import ', 'from ', ' as ', 'uuid', 'random', '.', 'uuid4', 'seed', '(', ')', '[', '{', '"', "'", '"""', '\\', '\n', '\r', '  ', '\t', ':', ';', ',', '=',
  'def f', 'class A', 'if ', 'try', 'with ', 'lambda ', '#', '\u2028', '\u0000', '\uFEFF', 'é', '__proto__', 'connect', '*', '@', 'async '];

test('any source is read without an error, in limited time', () => {
  const source = fc.oneof(fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map(words => words.join('')), fc.string({ unit: 'binary', maxLength: 200 }));
  fc.assert(fc.property(source, fc.string(), (text, handler) => {
    snapshotState(packageOf({ 'app.py': text, 'uuid.py': text }), 'app.handler');
    snapshotState(packageOf({ 'app.py': 'import uuid', '.dist-info/RECORD': text }), handler);
  }), { numRuns: 1_000 });
});

test.each([
  ['import uuid\n' + 'uuid.uuid4('.repeat(50_000), 18_180], ['import random as a\n' + 'a('.repeat(200_000), 0], ['a.'.repeat(200_000), 0], ['"'.repeat(400_001), 0], ['('.repeat(400_000), 0],
  ['\\'.repeat(400_000), 0], ['lambda\u2028'.repeat(50_000), 0], [' '.repeat(400_000) + 'x', 0], ['import psycopg2\n' + 'psycopg2.connect('.repeat(20_000), 11_763], ['import a,'.repeat(40_000), 0],
  ['x = 1\n'.repeat(60_000), 0],
])('of a long source, the first 200,000 bytes are read (%#)', (text, calls) => {
  const { unique: first, outdated: second } = snapshotState(packageOf({ 'app.py': text }), 'app.handler');
  expect(first.length + second.length).toBe(calls);
});
