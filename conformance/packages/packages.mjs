// The most downloaded npm packages of each kind that handlers use (downloads of November 2026), each with a handler that uses it.
// What a handler returns depends on neither time, chance nor network, so that source and bundle can be compared.
const SERVER = `import { createServer } from 'node:http';
const served = async call => {
  const server = createServer((request, response) => { response.setHeader('content-type', 'application/json'); response.end(JSON.stringify({ method: request.method })); }).listen(0, '127.0.0.1');
  await new Promise(resolve => server.on('listening', resolve));
  try { return await call('http://127.0.0.1:' + server.address().port + '/'); } finally { server.closeAllConnections(); server.close(); }
};\n`;
/** What fails if nothing listens on a port. */
const CODE = "error => error.code ?? error.cause?.code ?? error.errors?.[0]?.code ?? error.name";

export const KINDS = {
  'Database drivers': {
    'pg': `import pg from 'pg'; const pool = new pg.Pool({ host: '127.0.0.1', port: 1 }); export const handler = async () => [pg.types.getTypeParser(20)('7'), await pool.query('SELECT 1').catch(${CODE})];`,
    'ioredis': `import { Redis } from 'ioredis'; const redis = new Redis({ host: '127.0.0.1', port: 1, lazyConnect: true, retryStrategy: () => null }); redis.on('error', () => {}); export const handler = async () => [redis.status, await redis.connect().catch(() => 'closed')];`,
    'mongodb': `import { MongoClient, ObjectId } from 'mongodb'; const client = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 300 }); export const handler = async () => [new ObjectId('65f000000000000000000000').toHexString(), await client.connect().catch(error => error.name)];`,
    'redis': `import { createClient } from 'redis'; const client = createClient({ url: 'redis://127.0.0.1:1', socket: { reconnectStrategy: false } }); client.on('error', () => {}); export const handler = async () => client.connect().catch(${CODE});`,
    'mysql2': `import mysql from 'mysql2/promise'; export const handler = async () => [mysql.format('SELECT ?', ["a'b"]), await mysql.createConnection({ host: '127.0.0.1', port: 1 }).catch(${CODE})];`,
    'postgres': `import postgres from 'postgres'; const sql = postgres('postgres://u:p@127.0.0.1:1/d', { connect_timeout: 2 }); export const handler = async () => sql\`SELECT 1\`.catch(${CODE});`,
    'better-sqlite3': "import Database from 'better-sqlite3'; export const handler = async () => new Database(':memory:').prepare('SELECT 1 AS one').get();",
    'mssql': `import sql from 'mssql'; export const handler = async () => [sql.Int.name, await sql.connect({ server: '127.0.0.1', port: 1, user: 'u', password: 'p', options: { trustServerCertificate: true } }).catch(${CODE})];`,
  },
  'Object mappers and query builders': {
    'mongoose': "import mongoose from 'mongoose'; const Pay = mongoose.model('Pay', new mongoose.Schema({ id: { type: String, required: true } })); export const handler = async () => [new Pay({}).validateSync().name, new Pay({ id: 'a' }).get('id')];",
    'typeorm': `import { DataSource, EntitySchema } from 'typeorm'; const Pay = new EntitySchema({ name: 'Pay', columns: { id: { type: 'int', primary: true } } }); const source = new DataSource({ type: 'postgres', host: '127.0.0.1', port: 1, entities: [Pay] }); export const handler = async () => source.initialize().catch(${CODE});`,
    'knex': "import knex from 'knex'; const db = knex({ client: 'pg' }); export const handler = async () => db('payments').where({ id: 1 }).toString();",
    'kysely': "import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'; const db = new Kysely({ dialect: { createAdapter: () => new PostgresAdapter(), createDriver: () => new DummyDriver(), createIntrospector: one => new PostgresIntrospector(one), createQueryCompiler: () => new PostgresQueryCompiler() } }); export const handler = async () => db.selectFrom('payments').selectAll().compile().sql;",
    'sequelize': `import { DataTypes, Sequelize } from 'sequelize'; const db = new Sequelize('postgres://u:p@127.0.0.1:1/d', { logging: false }); const Pay = db.define('Pay', { id: { type: DataTypes.INTEGER, primaryKey: true } }); export const handler = async () => [Pay.name, await db.authenticate().catch(error => error.name)];`,
  },
  'Loggers and telemetry': {
    'pino': "import pino from 'pino'; const lines = []; const logger = pino({ base: null, timestamp: false }, { write: line => lines.push(line) }); export const handler = async () => { logger.info({ id: 1 }, 'paid'); return lines; };",
    'pino with a transport': "import { readFileSync } from 'node:fs'; import { setTimeout } from 'node:timers/promises'; import pino from 'pino'; const file = '/tmp/pino-' + process.pid + '.log'; const logger = pino({ base: null, timestamp: false, transport: { target: 'pino/file', options: { destination: file } } }); export const handler = async () => { logger.info('paid'); await setTimeout(1000); return readFileSync(file, 'utf8'); };",
    'winston': "import { Writable } from 'node:stream'; import winston from 'winston'; const lines = []; const stream = new Writable({ write: (chunk, _, done) => { lines.push(String(chunk)); done(); } }); const logger = winston.createLogger({ format: winston.format.json(), transports: [new winston.transports.Stream({ stream })] }); export const handler = async () => { logger.info('paid', { id: 1 }); return lines; };",
    '@aws-lambda-powertools/logger': "import { Logger } from '@aws-lambda-powertools/logger'; export const handler = async () => { const logger = new Logger({ serviceName: 'pay', logLevel: 'WARN' }); return [logger.getLevelName(), logger.createChild({ logLevel: 'INFO' }).getLevelName()]; };",
    '@opentelemetry/sdk-node': "import { NodeSDK, tracing } from '@opentelemetry/sdk-node'; const spans = new tracing.InMemorySpanExporter(); const sdk = new NodeSDK({ spanProcessors: [new tracing.SimpleSpanProcessor(spans)], instrumentations: [] }); sdk.start(); import { trace } from '@opentelemetry/api'; export const handler = async () => { trace.getTracer('pay').startSpan('paid').end(); await sdk.shutdown; return spans.getFinishedSpans().map(one => one.name); };",
    '@sentry/node': "import * as Sentry from '@sentry/node'; const seen = []; Sentry.init({ dsn: 'https://key@127.0.0.1/1', beforeSend: event => { seen.push(event.message); return null; } }); export const handler = async () => { Sentry.captureMessage('paid'); await Sentry.flush(500); return seen; };",
  },
  'Validators': {
    'ajv': "import { Ajv } from 'ajv'; import formats from 'ajv-formats'; const ajv = new Ajv(); formats.default(ajv); const valid = ajv.compile({ type: 'object', properties: { mail: { type: 'string', format: 'email' } }, required: ['mail'] }); export const handler = async () => [valid({ mail: 'a@b.de' }), valid({ mail: 'x' }), valid.errors[0].keyword];",
    'zod': "import { z } from 'zod'; const Pay = z.object({ mail: z.email(), amount: z.number().positive() }); export const handler = async () => Pay.safeParse({ mail: 'x', amount: 1 }).error.issues.map(one => one.path[0]);",
    'joi': "import Joi from 'joi'; const pay = Joi.object({ mail: Joi.string().email(), amount: Joi.number().positive() }); export const handler = async () => [pay.validate({ mail: 'a@b.com', amount: -1 }).error.message, pay.validate({ mail: 'a@b.invalidtld' }).error.message];",
    'yup': "import * as yup from 'yup'; const pay = yup.object({ amount: yup.number().positive().required() }); export const handler = async () => pay.validate({ amount: -1 }).catch(error => error.message);",
    'class-validator': "import 'reflect-metadata'; import { plainToInstance } from 'class-transformer'; import { IsEmail, validate } from 'class-validator'; class Pay {} IsEmail()(Pay.prototype, 'mail'); export const handler = async () => (await validate(plainToInstance(Pay, { mail: 'x' }))).map(one => one.constraints);",
  },
  'HTTP clients': {
    'axios': `${SERVER}import axios from 'axios'; export const handler = async () => served(async url => [(await axios.post(url, { id: 1 })).data, axios.isAxiosError(await axios.get(url + 'x', { validateStatus: () => false }).catch(error => error))]);`,
    'node-fetch': `${SERVER}import fetch, { FetchError } from 'node-fetch'; export const handler = async () => served(async url => [await (await fetch(url)).json(), FetchError.name]);`,
    'undici': `${SERVER}import { request } from 'undici'; export const handler = async () => served(async url => (await request(url, { method: 'PUT' })).body.json());`,
    'got': `${SERVER}import got from 'got'; export const handler = async () => served(async url => got.post(url, { json: { id: 1 } }).json());`,
    'superagent': `${SERVER}import superagent from 'superagent'; export const handler = async () => served(async url => (await superagent.post(url).send({ id: 1 })).body);`,
  },
  'Web frameworks': {
    'express': "import express from 'express'; import serverless from 'serverless-http'; const app = express(); app.use(express.json()); app.get('/pay/:id', (request, response) => response.json({ id: request.params.id })); const run = serverless(app); export const handler = async () => (await run({ version: '2.0', rawPath: '/pay/7', headers: {}, requestContext: { http: { method: 'GET', path: '/pay/7', sourceIp: '127.0.0.1' } } }, {})).body;",
    'hono': "import { Hono } from 'hono'; import { handle } from 'hono/aws-lambda'; const app = new Hono(); app.get('/pay/:id', context => context.json({ id: context.req.param('id') })); const run = handle(app); export const handler = async () => (await run({ version: '2.0', rawPath: '/pay/7', rawQueryString: '', headers: { host: 'x' }, requestContext: { domainName: 'x', http: { method: 'GET', path: '/pay/7' } } }, {})).body;",
    'fastify': "import fastify from 'fastify'; const app = fastify(); app.get('/pay/:id', { schema: { params: { type: 'object', properties: { id: { type: 'integer' } } } } }, async request => ({ id: request.params.id })); export const handler = async () => [(await app.inject('/pay/7')).body, (await app.inject('/pay/x')).statusCode];",
    '@nestjs/core': "import 'reflect-metadata'; import { Controller, Get, Module } from '@nestjs/common'; import { NestFactory } from '@nestjs/core'; class Pay { get() { return { id: 7 }; } } Controller('pay')(Pay); Get()(Pay.prototype, 'get', Object.getOwnPropertyDescriptor(Pay.prototype, 'get')); class App {} Module({ controllers: [Pay] })(App); export const handler = async () => { const app = await NestFactory.create(App, { logger: false }); await app.init(); return typeof app.getHttpAdapter().getInstance(); };",
    '@middy/core': "import middy from '@middy/core'; export const inner = middy(async event => event.id + 1).use({ before: async request => { request.event.id = 41; } }); export const handler = async () => inner({}, {});",
  },
  'GraphQL': {
    'graphql': "import { buildSchema, graphql, GraphQLSchema } from 'graphql'; const schema = buildSchema('type Query { pay: Int }'); export const handler = async () => [(await graphql({ schema, source: '{ pay }', rootValue: { pay: 7 } })).data.pay, schema instanceof GraphQLSchema];",
    '@apollo/server': "import { ApolloServer } from '@apollo/server'; const server = new ApolloServer({ typeDefs: 'type Query { pay: Int }', resolvers: { Query: { pay: () => 7 } } }); export const handler = async () => (await server.executeOperation({ query: '{ pay }' })).body.singleResult.data.pay;",
    'graphql-request': `${SERVER}import { gql, GraphQLClient } from 'graphql-request'; export const handler = async () => served(async url => new GraphQLClient(url).request(gql\`{ pay }\`).catch(error => error.constructor.name));`,
  },
  'Tokens and passwords': {
    'jose': "import { jwtVerify, SignJWT } from 'jose'; const key = new TextEncoder().encode('a'.repeat(32)); export const handler = async () => (await jwtVerify(await new SignJWT({ id: 7 }).setProtectedHeader({ alg: 'HS256' }).sign(key), key)).payload;",
    'jsonwebtoken': "import jwt from 'jsonwebtoken'; export const handler = async () => jwt.verify(jwt.sign({ id: 7 }, 'key', { noTimestamp: true }), 'key');",
    'google-auth-library': "import { GoogleAuth, OAuth2Client } from 'google-auth-library'; export const handler = async () => [new OAuth2Client('id').generateAuthUrl({ scope: 'mail' }), typeof new GoogleAuth().getClient];",
    'bcryptjs': "import bcrypt from 'bcryptjs'; export const handler = async () => bcrypt.compare('secret', await bcrypt.hash('secret', 4));",
    'bcrypt': "import bcrypt from 'bcrypt'; export const handler = async () => bcrypt.compare('secret', await bcrypt.hash('secret', 4));",
    'argon2': "import argon2 from 'argon2'; export const handler = async () => argon2.verify(await argon2.hash('secret'), 'secret');",
  },
  'PDF': {
    'jspdf': "import { jsPDF } from 'jspdf'; export const handler = async () => new jsPDF().text('paid', 10, 10).output().slice(0, 8);",
    'pdfjs-dist': "import { jsPDF } from 'jspdf'; import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'; export const handler = async () => { const pdf = await getDocument({ data: new Uint8Array(new jsPDF().text('paid', 10, 10).output('arraybuffer')) }).promise; return (await (await pdf.getPage(1)).getTextContent()).items.map(one => one.str); };",
    'pdf-lib': "import { PDFDocument, StandardFonts } from 'pdf-lib'; export const handler = async () => { const pdf = await PDFDocument.create(); pdf.addPage().drawText('paid', { font: await pdf.embedFont(StandardFonts.Helvetica) }); return (await pdf.save()).length > 500; };",
    'pdfkit': "import PDFDocument from 'pdfkit'; export const handler = async () => { const pdf = new PDFDocument(); const parts = []; pdf.on('data', part => parts.push(part)); const end = new Promise(resolve => pdf.on('end', resolve)); pdf.font('Helvetica').text('paid'); pdf.end(); await end; return Buffer.concat(parts).length > 500; };",
  },
  'Images': {
    'sharp': "import sharp from 'sharp'; export const handler = async () => (await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } }).resize(2).png().toBuffer({ resolveWithObject: true })).info.width;",
    'qrcode': "import QRCode from 'qrcode'; export const handler = async () => [(await QRCode.toDataURL('paid')).slice(0, 30), (await QRCode.toString('paid', { type: 'svg' })).length];",
    '@napi-rs/canvas': "import { createCanvas } from '@napi-rs/canvas'; export const handler = async () => { const canvas = createCanvas(4, 4); canvas.getContext('2d').fillRect(0, 0, 4, 4); return (await canvas.encode('png')).length > 50; };",
    'jimp': "import { Jimp } from 'jimp'; export const handler = async () => (await new Jimp({ width: 4, height: 4, color: 0xff0000ff }).resize({ w: 2 }).getBuffer('image/png')).length > 50;",
  },
  'Documents and templates': {
    'fast-xml-parser': "import { XMLParser } from 'fast-xml-parser'; export const handler = async () => new XMLParser().parse('<pay><id>7</id></pay>');",
    'jsdom': "import { JSDOM } from 'jsdom'; export const handler = async () => new JSDOM('<p style=\"color: red\">paid</p>').window.document.querySelector('p').textContent;",
    'handlebars': "import Handlebars from 'handlebars'; export const handler = async () => Handlebars.compile('{{#each ids}}{{this}};{{/each}}')({ ids: [1, 2] });",
    'xml2js': "import { parseStringPromise } from 'xml2js'; export const handler = async () => parseStringPromise('<pay><id>7</id></pay>');",
    'ejs': "import ejs from 'ejs'; export const handler = async () => ejs.render('<%= id %>', { id: 7 });",
    'jszip': "import JSZip from 'jszip'; export const handler = async () => { const zip = new JSZip(); zip.file('a.txt', 'paid'); return (await JSZip.loadAsync(await zip.generateAsync({ type: 'nodebuffer' }))).file('a.txt').async('string'); };",
    'archiver': "import { ZipArchive } from 'archiver'; export const handler = async () => { const zip = new ZipArchive(); const parts = []; zip.on('data', part => parts.push(part)); zip.append('paid', { name: 'a.txt' }); await zip.finalize(); return Buffer.concat(parts).length > 50; };",
    'cheerio': "import * as cheerio from 'cheerio'; export const handler = async () => cheerio.load('<p>paid</p>')('p').text();",
    'csv-parse': "import { parse } from 'csv-parse/sync'; export const handler = async () => parse('id,amount\\n1,2', { columns: true });",
    'nodemailer': "import nodemailer from 'nodemailer'; export const handler = async () => JSON.parse((await nodemailer.createTransport({ jsonTransport: true }).sendMail({ from: 'a@b.de', to: 'c@d.de', subject: 'paid', text: 'paid' })).message).subject;",
    'xlsx': "import * as XLSX from 'xlsx'; export const handler = async () => { const book = XLSX.utils.book_new(); XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([[1, 2]]), 'pay'); const file = '/tmp/pay-' + process.pid + '.xlsx'; XLSX.writeFile(book, file); return XLSX.utils.sheet_to_json(XLSX.readFile(file).Sheets.pay, { header: 1 }); };",
    'exceljs': "import ExcelJS from 'exceljs'; export const handler = async () => { const book = new ExcelJS.Workbook(); book.addWorksheet('pay').addRow([1, 2]); const read = new ExcelJS.Workbook(); await read.xlsx.load(await book.xlsx.writeBuffer()); return read.getWorksheet('pay').getRow(1).values; };",
  },
  'Languages, dates and identifiers': {
    'uuid': "import { v5 as uuid } from 'uuid'; export const handler = async () => uuid('paid', uuid.URL);",
    'lodash': "import _ from 'lodash'; import get from 'lodash/get.js'; export const handler = async () => [_.chunk([1, 2, 3], 2), get({ a: { b: 1 } }, 'a.b')];",
    'nanoid': "import { customRandom } from 'nanoid'; export const handler = async () => customRandom('ab', 5, size => new Uint8Array(size))();",
    'date-fns': "import { addDays, format } from 'date-fns'; import { de } from 'date-fns/locale'; export const handler = async () => format(addDays(new Date(2026, 0, 31), 1), 'PPPP', { locale: de });",
    'dayjs': "import dayjs from 'dayjs'; import utc from 'dayjs/plugin/utc.js'; import 'dayjs/locale/de.js'; dayjs.extend(utc); export const handler = async () => dayjs.utc('2026-01-31').locale('de').format('dddd D. MMMM');",
    'moment': "import moment from 'moment'; export const handler = async () => moment.utc('2026-01-31').locale('de').format('dddd D. MMMM');",
    'i18next': "import i18next from 'i18next'; export const handler = async () => { await i18next.init({ lng: 'de', resources: { de: { translation: { paid: 'bezahlt {{count}}' } } } }); return i18next.t('paid', { count: 1 }); };",
  },
  'Clients of services': {
    '@aws-sdk/client-s3': `import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'; const s3 = new S3Client({ region: 'eu-central-1', endpoint: 'http://127.0.0.1:1', maxAttempts: 1, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }); export const handler = async () => s3.send(new GetObjectCommand({ Bucket: 'a', Key: 'b' })).catch(${CODE});`,
    '@grpc/grpc-js': "import grpc from '@grpc/grpc-js'; export const handler = async () => { const client = new grpc.Client('127.0.0.1:1', grpc.credentials.createInsecure()); return new Promise(resolve => client.makeUnaryRequest('/pay/Pay', one => one, one => one, Buffer.from('x'), error => { client.close(); resolve(grpc.status[error.code]); })); };",
    'openai': "import OpenAI from 'openai'; const client = new OpenAI({ apiKey: 'key', baseURL: 'http://127.0.0.1:1', maxRetries: 0 }); export const handler = async () => client.models.list().catch(error => [error.constructor.name, error instanceof OpenAI.APIConnectionError]);",
    '@anthropic-ai/sdk': "import Anthropic from '@anthropic-ai/sdk'; const client = new Anthropic({ apiKey: 'key', baseURL: 'http://127.0.0.1:1', maxRetries: 0 }); export const handler = async () => client.models.list().then(String, error => error instanceof Anthropic.APIConnectionError);",
    'aws-sdk': "import AWS from 'aws-sdk'; const s3 = new AWS.S3({ region: 'eu-central-1', accessKeyId: 'a', secretAccessKey: 'b' }); export const handler = async () => s3.getSignedUrl('getObject', { Bucket: 'a', Key: 'b' }).split('?')[0];",
    'puppeteer-core': "import puppeteer from 'puppeteer-core'; export const handler = async () => puppeteer.launch({ executablePath: '/absent' }).catch(error => error.message.split('\\n')[0].slice(0, 30));",
    'stripe': "import Stripe from 'stripe'; const stripe = new Stripe('key', { host: '127.0.0.1', port: 1, protocol: 'http', maxNetworkRetries: 0 }); export const handler = async () => stripe.charges.list().catch(error => error.type);",
    '@slack/web-api': "import { WebClient } from '@slack/web-api'; const client = new WebClient('token', { slackApiUrl: 'http://127.0.0.1:1/', retryConfig: { retries: 0 } }); export const handler = async () => client.api.test().catch(error => error.code);",
    'firebase-admin': "import { initializeApp } from 'firebase-admin/app'; import { getAuth } from 'firebase-admin/auth'; const app = initializeApp({ projectId: 'pay' }); export const handler = async () => getAuth(app).verifyIdToken('x').catch(error => error.code);",
    'kafkajs': "import { Kafka, logLevel } from 'kafkajs'; const kafka = new Kafka({ brokers: ['127.0.0.1:1'], logLevel: logLevel.NOTHING, retry: { retries: 0 } }); export const handler = async () => kafka.producer().connect().catch(error => error.name);",
  },
};
