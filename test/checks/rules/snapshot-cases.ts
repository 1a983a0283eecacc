/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { fn } from './harness';
import type { RuleCase } from './harness';

const python = (path: string, props: object = {}) => fn(
  { Code: { S3Key: 'key' }, Runtime: 'python3.14', Handler: 'app.handler', SnapStart: { ApplyOn: 'PublishedVersions' }, ...props },
  { Metadata: { 'aws:asset:path': `asset.${path}` } });
const HANDLER = '\ndef handler(event, context):\n    return 1\n';
const HOOK = '\nfrom snapshot_restore_py import register_after_restore\n\n@register_after_restore\ndef renew():\n    pass\n';
const UNIQUE_FIX = 'create the value in the handler, or again in a function with register_after_restore';
const OUTDATED_FIX = 'open or read it in the handler, or again in a function with register_after_restore';

/** Cases of rules that read the source of functions with SnapStart. */
export const SNAPSHOT_FOUNDATION: RuleCase[] = [
  {
    id: 'LP-F167',
    assets: {
      'asset.id/app.py': `import uuid\nINSTANCE = str(uuid.uuid4())\nfrom secrets import token_hex as token\nNONCE = token(8)${HANDLER}`,
      'asset.seed/app.py': `import random as rnd\nimport time\nrnd.seed(time.time())${HANDLER}`,
      'asset.own/app.py': `from shop.ids import INSTANCE${HANDLER}`,
      'asset.own/shop/__init__.py': '',
      'asset.own/shop/ids.py': 'try:\n    import uuid\n    INSTANCE = uuid.uuid1()\nfinally:\n    pass\n',
      'asset.own/lib-1.0.dist-info/RECORD': 'lib/__init__.py,sha256=x,1\n',
      'asset.wrapped/_wrapped/__init__.py': '',
      'asset.wrapped/app.py': `from .shop import *\nfrom os import urandom\nSALT = urandom(8)${HANDLER}`,
      'asset.fine/app.py': 'import random, uuid, os, secrets\nrandom.seed(42)\nRNG = random.Random(7)\nMAKE = lambda: uuid.uuid4()\nID = os.environ.get("ID") or uuid.uuid4()\nif not ID:\n    ID = uuid.uuid4()\nSAFE = random.SystemRandom()\nTEXT = "uuid.uuid4()"  # uuid.uuid4()\nclass Order:\n    id = field(default_factory=uuid.uuid4)\ndef handler(event, context):\n    return uuid.uuid4()\nif __name__ == "__main__":\n    print(uuid.uuid4())\n',
      'asset.hook/app.py': `import uuid\nINSTANCE = uuid.uuid4()${HOOK}${HANDLER}`,
      'asset.elsewhere/app.py': `import hooks\nimport uuid\nINSTANCE = uuid.uuid4()${HANDLER}`,
      'asset.elsewhere/hooks.py': HOOK,
      'asset.installed/app.py': `import lib${HANDLER}`,
      'asset.installed/lib/__init__.py': 'import uuid\nID = uuid.uuid4()\n',
      'asset.installed/lib-1.0.dist-info/RECORD': 'lib/__init__.py,sha256=x,1\n',
    },
    fails: { Id: python('id'), Seed: python('seed'), Own: python('own'), Wrapped: python('wrapped', { Handler: '_wrapped.app.handler' }) },
    passes: { Fine: python('fine'), Hook: python('hook'), Elsewhere: python('elsewhere'), Installed: python('installed'), Cold: python('id', { SnapStart: undefined }), Java: python('id', { Runtime: 'java25' }), None: python('none') },
    says: [
      ["uuid.uuid4() in 'app.py' and 1 more", 'Id'], ["rnd.seed() in 'app.py'", 'Seed'],
      ["uuid.uuid1() in 'shop/ids.py'", 'Own'], ["urandom() in 'app.py'", 'Wrapped'],
    ].map(([got, id]) => `'Code' must create unique values after the snapshot, got ${got}; ${UNIQUE_FIX} (at ${id})`),
  },
  {
    id: 'LP-F168',
    assets: {
      'asset.connect/app.py': `import psycopg2 as pg\nconnection = pg.connect(\n    host="db",\n)${HANDLER}`,
      'asset.engine/app.py': `from sqlalchemy import create_engine\nengine = create_engine("postgresql://")\nconnection = engine.connect()${HANDLER}`,
      'asset.secret/app.py': `import boto3\nSECRET = boto3.client("secretsmanager").get_secret_value(SecretId="db")["SecretString"]${HANDLER}`,
      'asset.token/app.py': `import boto3\nrds = boto3.client("rds")\nTOKEN = rds.generate_db_auth_token("db", 5432, "app")${HANDLER}`,
      'asset.fine/app.py': 'import boto3, psycopg2, psycopg_pool\nfrom sqlalchemy import create_engine\nengine = create_engine("postgresql://")\ntable = boto3.resource("dynamodb").Table("orders")\npool = psycopg_pool.ConnectionPool("", open=False)\nclass Signal:\n    pass\nsignal = Signal()\nsignal.connect(print)\nconnection = None\ndef handler(event, context):\n    global connection\n    connection = connection or psycopg2.connect("")\n    boto3.client("secretsmanager").get_secret_value(SecretId="db")\n',
      'asset.hook/app.py': `import psycopg2\nconnection = psycopg2.connect("")${HOOK}${HANDLER}`,
    },
    fails: { Connect: python('connect'), Engine: python('engine'), Secret: python('secret'), Token: python('token') },
    passes: { Fine: python('fine'), Hook: python('hook'), Cold: python('connect', { SnapStart: { ApplyOn: 'None' } }) },
    says: [
      ['pg.connect()', 'Connect'], ['engine.connect()', 'Engine'], ['get_secret_value()', 'Secret'], ['rds.generate_db_auth_token()', 'Token'],
    ].map(([call, id]) => `'Code' must connect and read credentials after the snapshot, got ${call} in 'app.py'; ${OUTDATED_FIX} (at ${id})`),
  },
  {
    id: 'LP-F169',
    assets: {
      'asset.draw/app.py': 'def handler(event, context):\n    import random\n    return random.choice("ab")\n',
      'asset.seeds/app.py': 'import random\ndef handler(event, context):\n    random.seed()\n    return random.random()\n',
      'asset.system/app.py': 'from random import SystemRandom\nrandom = SystemRandom()\ndef handler(event, context):\n    return random.random()\n',
      'asset.runtime/app.py': 'import random\nfrom cdk_production_lambda_runtime import observed\n@observed\ndef handler(event, context):\n    return random.random()\n',
    },
    fails: { Draw: python('draw') },
    passes: { Seeds: python('seeds'), System: python('system'), Runtime: python('runtime') },
    says: ["'Code' must seed the module random after each restore, got random.choice() in 'app.py'; call register_after_restore(random.seed), or use the module secrets (at Draw)"],
  },
];
