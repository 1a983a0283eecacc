declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A DynamoDB API in this process, with its data in memory. */
  function dynalite(options: { createTableMs?: number; deleteTableMs?: number }): Server;
  export = dynalite;
}
