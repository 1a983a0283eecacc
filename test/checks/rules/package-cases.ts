/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { fn, image, r, ref } from './harness';
import type { RuleCase } from './harness';
import { elf } from '../../support/elf';

const at = (path: string, props: object = {}) => fn({ Code: { S3Key: 'key' }, ...props }, { Metadata: { 'aws:asset:path': `asset.${path}` } });
const python = (path: string, props: object = {}) => at(path, { Runtime: 'python3.14', Handler: 'app.handler', ...props });
const java = (path: string, props: object = {}) => at(path, { Runtime: 'java25', Handler: 'com.acme.Pay::handle', ...props });
const dotnet = (path: string, props: object = {}) => at(path, { Runtime: 'dotnet10', Handler: 'Pay::Pay.Function::Handle', ...props });
const custom = (path: string, props: object = {}) => at(path, { Runtime: 'provided.al2023', Handler: 'bootstrap', ...props });
const layered = { Layers: [ref('Layer')] };
const layer = (path = 'layer') => ({ Layer: r('AWS::Lambda::LayerVersion', {}, { Metadata: { 'aws:asset:path': `asset.${path}` } }) });
const HASH = 'a'.repeat(64);
const [ARM, X86] = [elf('arm64'), elf('x86_64')];
const HANDLER = 'def handler(event, context):\n  pass\n';

/** Cases of rules that read the deployment package. */
export const PACKAGE_FOUNDATION: RuleCase[] = [
  {
    id: 'LP-F160',
    assets: {
      'asset.x86/app.py': HANDLER,
      'asset.x86/orjson/orjson.cpython-314-x86_64-linux-gnu.so': X86,
      'asset.old/numpy/_x.cpython-312-aarch64-linux-gnu.so': ARM,
      'asset.node/node_modules/sharp/build/sharp.node': X86,
      'asset.both/node_modules/sharp/linux-x64/sharp.node': X86,
      'asset.both/node_modules/sharp/linux-arm64/sharp.node': ARM,
      'asset.arm/orjson/orjson.cpython-314-aarch64-linux-gnu.so': ARM,
      'asset.layer/python/libpq.so.5': X86,
    },
    fails: { X86: python('x86'), Old: python('old'), Node: at('node'), Layered: python('arm', layered), ...layer() },
    passes: { X86: python('x86', { Architectures: ['x86_64'] }), Unset: python('x86', { Architectures: undefined }), Arm: python('arm'), Old: python('old', { Runtime: 'python3.12' }), Both: at('both'), None: python('none') },
    says: [
      "'Code' must have native modules for Linux on arm64 and python3.14, got 'orjson/orjson.cpython-314-x86_64-linux-gnu.so' for x86_64; install the packages for Linux and the architecture and runtime of the function, or change these (at X86)",
      "'Code' must have native modules for Linux on arm64 and python3.14, got 'numpy/_x.cpython-312-aarch64-linux-gnu.so' for Python 3.12; install the packages for Linux and the architecture and runtime of the function, or change these (at Old)",
      "'Layers' must have native modules for Linux on arm64 and python3.14, got 'python/libpq.so.5' for x86_64; install the packages for Linux and the architecture and runtime of the function, or change these (at Layered)",
      "'Code' must have native modules for Linux on arm64 and nodejs24.x, got 'node_modules/sharp/build/sharp.node' for x86_64; install the packages for Linux and the architecture and runtime of the function, or change these (at Node)",
    ],
  },
  {
    id: 'LP-F161',
    name: 'Python',
    assets: { 'asset.a/app.py': HANDLER, 'asset.a/pkg/__init__.py': 'from .pay import handler', 'asset.a/all.py': 'from pkg import *' },
    fails: { Name: python('a', { Handler: 'app.main' }), Module: python('a', { Handler: 'lambda_function.lambda_handler' }) },
    passes: { Fn: python('a'), Package: python('a', { Handler: 'pkg.handler' }), Star: python('a', { Handler: 'all.main' }), Layered: python('a', { Handler: 'datadog.handler', ...layered }), ...layer(), Other: python('none') },
    says: [
      "'Handler' must be a function of 'app.py', got app.main; define 'main' in 'app.py', or use the name of its function (at Name)",
      "'Handler' must be in a module of the package (lambda_function.py), got lambda_function.lambda_handler; use a module that the package contains, such as 'all.py' or 'app.py' (at Module)",
    ],
  },
  {
    id: 'LP-F161',
    name: 'Node.js',
    assets: { 'asset.a/index.js': 'exports.handler = async () => 1;', 'asset.a/src/pay.mjs': 'export const main = 1;', 'asset.a/all.js': 'module.exports = require("./x");', 'asset.ts/index.ts': '' },
    fails: { Name: at('a', { Handler: 'index.main' }), Module: at('a', { Handler: 'dist/index.handler' }), Source: at('ts') },
    passes: { Fn: at('a'), Deep: at('a', { Handler: 'src/pay.main' }), Dynamic: at('a', { Handler: 'all.main' }), Opt: at('a', { Handler: '/opt/nodejs/x.handler' }), Layered: at('a', { Handler: 'x.handler', ...layered }), ...layer() },
    says: [
      "'Handler' must be a function of 'index.js', got index.main; export 'main' in 'index.js', or correct the handler (at Name)",
      "'Handler' must be in a module of the package (dist/index.js, dist/index.mjs or dist/index.cjs), got dist/index.handler; add the file, or correct the handler (at Module)",
      "'Handler' must be in a module of the package (index.js, index.mjs or index.cjs), got index.handler; compile the TypeScript source, for example with NodejsCode (at Source)",
    ],
  },
  {
    id: 'LP-F161',
    name: 'inline',
    fails: { Name: fn({ Code: { ZipFile: 'exports.main = async () => 1;' } }), Module: fn({ Code: { ZipFile: 'exports.handler = async () => 1;' }, Handler: 'app.handler' }), Python: fn({ Runtime: 'python3.14', Code: { ZipFile: HANDLER }, Handler: 'index.main' }), Form: fn({ Code: { ZipFile: 'exports.handler = async () => 1;' }, Handler: 'handler' }) },
    passes: { Fn: fn({ Code: { ZipFile: 'exports.handler = async () => 1;' } }), Python: fn({ Runtime: 'python3.14', Code: { ZipFile: HANDLER } }), Given: fn({ Code: { ZipFile: ref('Given') } }), Layered: fn({ Code: { ZipFile: 'x' }, Handler: 'bootstrap', ...layered }), ...layer() },
    says: [
      "'Handler' must be a function of 'index.js', got index.handler; export 'handler' in 'index.js', or correct the handler (at Name)",
      "'Handler' must be in a module of the package (app.js, app.mjs or app.cjs), got app.handler; add the file, or correct the handler (at Module)",
      "'Handler' must be a function of 'index.py', got index.main; define 'main' in 'index.py', or use the name of its function (at Python)",
      "'Handler' must be a module and a function, got handler; write it as 'module.function', for example 'index.handler' (at Form)",
    ],
  },
  {
    id: 'LP-F161',
    name: 'exports of Node.js',
    assets: {
      'asset.default/index.mjs': 'export default async function handler() {}',
      'asset.made/index.mjs': "import { make } from './make.mjs';\nexport default make();",
      'asset.es/index.js': 'export const handler = async () => 1;',
      'asset.type/index.js': 'export const handler = async () => 1;',
      'asset.type/package.json': '{ "type": "module" }',
      'asset.cjs/index.cjs': 'export const handler = async () => 1;',
      'asset.local/index.js': 'const handler = async () => 1;',
      'asset.a/index.js': 'exports.handler = async () => 1;',
    },
    fails: {
      Default: at('default'), Detected: at('es', { Runtime: 'nodejs22.x' }), CommonJs: at('cjs'), Local: at('local'), Extension: at('a', { Handler: 'index.js.handler' }), DetectedOther: at('es', { Handler: 'index.main' }),
    },
    passes: {
      Default: at('default', { Handler: 'index.default' }),
      Made: at('made'),
      Detected: at('es'),
      Type: at('type', { Runtime: 'nodejs22.x' }),
      SwitchedOn: at('es', { Runtime: 'nodejs22.x', Environment: { Variables: { NODE_OPTIONS: '--experimental-detect-module' } } }),
      Older: at('es', { Runtime: 'nodejs20.x' }),
    },
    says: [
      "'Handler' must be a function of 'index.mjs', got index.handler; use 'index.default', because the function is the default export, or export 'handler' (at Default)",
      "'Handler' must be in a CommonJS module, as which Node.js loads 'index.js', got index.handler in an ES module; rename the file to index.mjs, or add a package.json with \"type\": \"module\" (at Detected)",
      "'Handler' must be in a CommonJS module, as which Node.js loads 'index.cjs', got index.handler in an ES module; rename the file to index.mjs, or add a package.json with \"type\": \"module\" (at CommonJs)",
      "'Handler' must be a function of 'index.js', got index.handler; export 'handler' in 'index.js', or correct the handler (at Local)",
      "'Handler' must be a function of 'index.js', got index.js.handler; leave out the extension of the file: 'index.handler' (at Extension)",
      "'Handler' must be a function of 'index.js', got index.main; export 'main' in 'index.js', or correct the handler (at DetectedOther)",
    ],
  },
  {
    id: 'LP-F161',
    name: 'coroutines, imports and wrappers of Python',
    assets: {
      'asset.async/app.py': 'async def handler(event, context): ...\n@run\nasync def decorated(event, context): ...\n',
      'asset.relative/app.py': `from .money import add\n${HANDLER}`,
      'asset.relative/pay/app.py': `from .money import add\n${HANDLER}`,
      'asset.both/app.py': HANDLER,
      'asset.both/app/__init__.py': '',
      'asset.wrapped/app.py': 'async def handler(event, context): ...\n',
      'asset.wrapped/_wrapped/__init__.py': 'from wrap import wrap as _wrap',
      'asset.observed/app.py': HANDLER,
      'asset.observed/_wrapped/__init__.py': 'from cdk_production_lambda_runtime import instrumented as _wrap',
    },
    fails: { Async: python('async'), Relative: python('relative'), Both: python('both'), Wrapped: python('wrapped', { Handler: '_wrapped.app.main' }) },
    passes: {
      Decorated: python('async', { Handler: 'app.decorated' }),
      Package: python('relative', { Handler: 'pay.app.handler' }),
      Wrapped: python('wrapped', { Handler: '_wrapped.app.handler' }),
      Observed: python('observed', { Handler: '_wrapped.app.handler' }),
    },
    says: [
      "'Handler' must be a function that returns its result, because the Python runtime awaits no coroutine, got 'async def handler' in 'app.py'; define 'handler' with def, and run the coroutine with asyncio.run() (at Async)",
      "'Handler' must be in a module whose relative imports stay in its Python package, got 'from .money import' in 'app.py'; import by the name from the root of the deployment package, or move the modules into a folder: 'folder.app.handler' (at Relative)",
      "'Handler' must be a function of 'app/__init__.py', got app.handler; define 'handler' in 'app/__init__.py', or use the name of its function (at Both)",
      "'Handler' must be a function of 'app.py', got app.main; define 'main' in 'app.py', or use the name of its function (at Wrapped)",
    ],
  },
  {
    id: 'LP-F161',
    name: '.NET',
    assets: { 'asset.net/Pay.dll': '', 'asset.net/Pay.runtimeconfig.json': '{}', 'asset.bare/Pay.dll': '', 'asset.source/Pay.csproj': '' },
    fails: { Bare: dotnet('bare'), Source: dotnet('source'), Dots: dotnet('net', { Handler: 'Pay.Function.Handle' }) },
    passes: { Library: dotnet('net'), Executable: dotnet('bare', { Handler: 'Pay' }) },
    says: [
      "'Handler' must be in a package with a file .runtimeconfig.json, got Pay::Pay.Function::Handle; set GenerateRuntimeConfigurationFiles to true in the project, and publish it again (at Bare)",
      "'Handler' must be in an assembly of the package (Pay.dll), got Pay::Pay.Function::Handle; correct the handler, or use the output folder of dotnet publish as the code (at Source)",
      "'Handler' must be in an assembly of the package (Pay.Function.Handle.dll), got Pay.Function.Handle; correct the handler, or use the output folder of dotnet publish as the code (at Dots)",
    ],
  },
  {
    id: 'LP-F161',
    name: 'Ruby',
    assets: {
      'asset.a/pay.rb': '# refund\nmodule Pay\n  class Handler\n    def self.process(event:, context:) = 1\n    def refund(event:, context:) = 1\n  end\nend\n',
      'asset.own/pay.rb': 'class Pay\n  class << self\n    def process(event:, context:) = 1\n  end\nend\n',
    },
    fails: { Name: at('a', { Runtime: 'ruby3.4', Handler: 'pay.Pay::Handler.run' }), Instance: at('a', { Runtime: 'ruby3.4', Handler: 'pay.Pay::Handler.refund' }), Comment: at('own', { Runtime: 'ruby3.4', Handler: 'pay.refund' }), File: at('a', { Runtime: 'ruby3.4', Handler: 'lambda_function.handler' }) },
    passes: { Fn: at('a', { Runtime: 'ruby3.4', Handler: 'pay.Pay::Handler.process' }), Singleton: at('own', { Runtime: 'ruby3.4', Handler: 'pay.Pay.process' }) },
    says: [
      "'Handler' must be a class method of 'pay.rb', got pay.Pay::Handler.run; define 'self.run' in 'pay.rb', or correct the handler (at Name)",
      "'Handler' must be a class method of 'pay.rb', got pay.Pay::Handler.refund; define 'self.refund' in 'pay.rb', or correct the handler (at Instance)",
      "'Handler' must be a method of 'pay.rb', got pay.refund; define 'refund' in 'pay.rb', or correct the handler (at Comment)",
      "'Handler' must be in a file of the package (lambda_function.rb), got lambda_function.handler; add the file, or correct the handler (at File)",
    ],
  },
  {
    id: 'LP-F161',
    name: 'Java',
    assets: { 'asset.jar.jar': zip({ 'com/acme/Pay.class': 'x' }), 'asset.target/app.jar': '', 'asset.classes/com/acme/Pay.class': '', 'asset.zip.zip': zip({ 'lib/app.jar': 'x' }) },
    fails: { Name: java('jar.jar', { Handler: 'com.acme.Refund::handle' }), Folder: java('target'), Slashes: java('jar.jar', { Handler: 'com/acme/Pay::handle' }) },
    passes: { Jar: java('jar.jar'), Interface: java('jar.jar', { Handler: 'com.acme.Pay' }), Classes: java('classes'), Lib: java('zip.zip') },
    says: [
      "'Handler' must be a class of the package (com/acme/Refund.class), got com.acme.Refund::handle; correct the handler, or package the compiled classes with their dependencies (at Name)",
      "'Handler' must be a class of the package (com/acme/Pay.class), got com.acme.Pay::handle; use 'app.jar' itself as the code, or put it into the folder lib (at Folder)",
      "'Handler' must be the full name of a class, with dots, got com/acme/Pay::handle; write it as 'com.acme.Pay::handle' (at Slashes)",
    ],
  },
  {
    id: 'LP-F162',
    assets: {
      'asset.none/requirements.txt': '# pinned\npydantic==2.14.4 --hash=sha256:a\nPyJWT[crypto]>=2\nboto3\n',
      'asset.project/pyproject.toml': '[project]\nname = "pay"\ndependencies = ["httpx>=0.28"]\n',
      'asset.some/requirements.txt': 'pydantic\nPyJWT\n',
      'asset.some/PyJWT-2.10.0.dist-info/METADATA': '',
      'asset.sdk/requirements.txt': 'boto3==1.44.8\n',
      'asset.vendored/requirements.txt': 'my-package\n',
      'asset.vendored/vendor/my_package/__init__.py': '',
      'asset.tools/pyproject.toml': '[tool.ruff]\nline-length = 100\n',
    },
    fails: { Fn: python('none'), Project: python('project') },
    passes: { Some: python('some'), Sdk: python('sdk'), Vendored: python('vendored'), Tools: python('tools'), Layered: python('none', layered), ...layer(), Node: at('none') },
    says: [
      "'Code' must contain the packages of its requirements.txt, got none of pydantic, pyjwt; use PythonCode, which installs them, or install them into the folder of the code, or add a layer (at Fn)",
      "'Code' must contain the packages of its pyproject.toml, got none of httpx; use PythonCode, which installs them, or install them into the folder of the code, or add a layer (at Project)",
    ],
  },
  {
    id: 'LP-F162',
    name: 'Node.js',
    assets: {
      'asset.none/index.mjs': "import express from 'express';\nimport { z } from 'zod';\nimport fs from 'node:fs';\nimport { S3Client } from '@aws-sdk/client-s3';\nexport const handler = async () => 1;",
      'asset.old/index.js': "const AWS = require('aws-sdk');\nexports.handler = async () => 1;",
      'asset.some/index.js': "const a = require('@acme/a/lib/x');\nconst own = require('own/lib');\nconst path = require('path');\nexports.handler = async () => 1;",
      'asset.some/node_modules/@acme/a/lib/x.js': '',
      'asset.some/own/lib.js': '',
      'asset.guarded/index.js': "try {\n  require('sharp');\n} catch {}\nconst text = `\nconst x = require('y');\n`;\nexports.handler = async () => 1;",
      'asset.itself/index.mjs': "import { version } from 'pay/version';\nexport const handler = async () => 1;",
      'asset.itself/package.json': '{ "name": "pay" }',
    },
    fails: { Fn: at('none'), Old: at('old') },
    passes: { Response: fn({ Code: { ZipFile: "const response = require('cfn-response');\nexports.handler = async () => response;" } }), OldRuntime: at('old', { Runtime: 'nodejs16.x' }), Some: at('some'), Guarded: at('guarded'), Itself: at('itself'), Layered: at('none', layered), ...layer(), Path: at('none', { Environment: { Variables: { NODE_PATH: '/mnt/modules' } } }) },
    says: [
      "'Code' must contain the packages that 'index.mjs' imports, got none of express, zod; use NodejsCode, which bundles them, or install them into the folder of the code, or add a layer (at Fn)",
      "'Code' must contain the packages that 'index.js' imports, got none of aws-sdk; use NodejsCode, which bundles them, or install them into the folder of the code, or add a layer (at Old)",
    ],
  },
  {
    id: 'LP-F186',
    assets: {
      'asset.callback/index.js': 'exports.handler = (event, context, callback) => callback(null, 1);\n',
      'asset.promise/index.js': 'exports.handler = async (event, context) => 1;\n',
    },
    fails: { Fn: at('callback') },
    passes: { Promise: at('promise'), Older: at('callback', { Runtime: 'nodejs22.x' }), Other: at('callback', { Handler: 'main.handler' }), None: at('none') },
    says: ["'Handler' must be a function without a callback on nodejs24.x, got index.handler with three parameters; make the handler an async function with the parameters event and context, and return the result (at Fn)"],
  },
  {
    id: 'LP-F163',
    assets: { 'asset.x86/bootstrap': X86, 'asset.arm/bootstrap': ARM, 'asset.sh/bootstrap': '#!/bin/sh\n', 'asset.crlf/bootstrap': '#!/bin/sh\r\necho 1\r\n', 'asset.text/bootstrap': 'console.log(1)', 'asset.empty/main': ARM, 'asset.data/bootstrap': ARM, 'asset.zip.zip': zip({ bootstrap: X86 }), 'asset.plain.zip': zip({ bootstrap: ARM }) },
    fails: { X86: custom('x86'), Text: custom('text'), Empty: custom('empty'), Data: custom('data'), Zip: custom('zip.zip'), Windows: custom('crlf') },
    passes: { Arm: custom('arm'), X86: custom('x86', { Architectures: ['x86_64'] }), Script: custom('sh'), Layered: custom('empty', layered), ...layer(), Node: at('empty'), Plain: custom('plain.zip') },
    says: [
      ['a program for x86_64', 'X86'], ['a file that is no Linux program and no script', 'Text'], ['no such file', 'Empty'],
      ['a file without the permission to execute it', 'Data'], ['a program for x86_64', 'Zip'],
      ['a script with the line ends of Windows (CR LF), for which Linux finds no interpreter', 'Windows'],
    ].map(([got, id]) => `'Code' must contain an executable bootstrap for Linux on arm64, got ${got}; compile it for Linux and the architecture of the function, name it bootstrap, and make it executable (at ${id})`),
  },
  {
    id: 'LP-F164',
    assets: { 'S.assets.json': JSON.stringify({ dockerImages: { [HASH]: { source: { directory: 'x', platform: 'linux/amd64' } }, ['b'.repeat(64)]: { source: { directory: 'x' } } } }) },
    fails: { Fn: image({ Code: { ImageUri: { 'Fn::Sub': `repo:${HASH}` } }, Architectures: ['arm64'] }) },
    passes: { Fn: image({ Code: { ImageUri: { 'Fn::Sub': `repo:${HASH}` } } }), Unstated: image({ Code: { ImageUri: `repo:${'b'.repeat(64)}` }, Architectures: ['arm64'] }), Elsewhere: image({ Architectures: ['arm64'] }) },
    says: ["'Code.ImageUri' must be an image for arm64, got linux/amd64; build the image for the architecture of the function, or change the architecture (at Fn)"],
  },
];

/** An archive with stored files, and the permissions of an executable. */
function zip(files: Record<string, string | Buffer>): Buffer {
  const entries = Object.entries(files).map(([name, content]) => ({ name: Buffer.from(name), data: Buffer.from(content) }));
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  for (const { name, data } of entries) {
    const offset = locals.reduce((sum, part) => sum + part.length, 0);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(name.length, 26);
    locals.push(local, name, data);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt32LE(data.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(0o100755, 40);
    entry.writeUInt32LE(offset, 42);
    central.push(entry, name);
  }
  const [body, directory, end] = [Buffer.concat(locals), Buffer.concat(central), Buffer.alloc(22)];
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(body.length, 16);
  return Buffer.concat([body, directory, end]);
}
