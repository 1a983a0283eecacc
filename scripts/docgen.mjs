// Writes API.md. jsii-docgen reads every .jsii file below its folder, and api/, bench/ and dist/ contain some, so it runs in a separate folder.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'docgen-'));
try {
  for (const file of ['.jsii', 'package.json']) fs.copyFileSync(path.join(root, file), path.join(folder, file));
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  execFileSync(process.execPath, [path.join(root, 'node_modules', 'jsii-docgen', 'bin', 'jsii-docgen'), '-o', path.join(root, 'API.md')], { cwd: folder, stdio: 'inherit' });
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
