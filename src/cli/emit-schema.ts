import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSchema } from '../graphql/schema.js';
import { schemaText } from '../graphql/schema-text.js';

// Writes schema.graphql; with --check only says whether it is current.
const file = join(import.meta.dirname, '..', '..', 'schema.graphql');
const text = schemaText(createSchema());
const current = existsSync(file) && readFileSync(file, 'utf8') === text;

if (process.argv.includes('--check')) {
  if (!current) {
    process.stderr.write('schema.graphql is not current. Run `npm run schema` and commit it.\n');
    process.exitCode = 1;
  }
} else {
  if (!current) writeFileSync(file, text);
  process.stdout.write(`schema.graphql ${current ? 'is current' : 'written'}\n`);
}
