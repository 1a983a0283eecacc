// Removes the source maps from lib/: jsii writes them into each file, where they are two thirds of the bytes.
// Declarations and comments remain. Run after jsii, which has no setting for it.
import fs from 'node:fs';
import path from 'node:path';

const lib = path.join(import.meta.dirname, '..', 'lib');
for (const name of fs.readdirSync(lib, { recursive: true })) {
  if (!name.endsWith('.js')) continue;
  const file = path.join(lib, name);
  const text = fs.readFileSync(file, 'utf8');
  const bare = text.replace(/^\/\/# sourceMappingURL=data:.*\n?/m, '');
  if (bare !== text) fs.writeFileSync(file, bare);
}
