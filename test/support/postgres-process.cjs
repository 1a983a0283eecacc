'use strict';
// A PostgreSQL of its own process: PGlite loads itself by dynamic import, which Jest's module registry can't do.
const { PGlite } = require('@electric-sql/pglite');
const { PGLiteSocketServer } = require('@electric-sql/pglite-socket');

process.on('disconnect', () => process.exit());

PGlite.create().then(async db => {
  const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 250 });
  await server.start();
  process.send(Number(server.getServerConn().split(':').pop()));
});
