import { join } from 'node:path';
import { Proof } from './proof';
import { NodejsCode } from '../../src';

/** A bundled handler runs in Lambda. */
export const proof = new Proof('NodejsBundle');
const greet = proof.function('Greet', '', { code: NodejsCode.fromEntry(join(__dirname, 'handlers', 'greet.ts')) });

proof.answers(greet, { name: 'Ana' }, { greeting: 'Hello, Ana' });
