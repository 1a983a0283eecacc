// The import of one bundle alone.
import { pathToFileURL } from 'node:url';

const bundle = pathToFileURL(process.argv[2]).href;
const started = performance.now();
await import(bundle);
console.log(JSON.stringify({ load: performance.now() - started }));
