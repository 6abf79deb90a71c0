import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listNamedAnswers, NAMED_ANSWERS } from '../../../../src/dev/sandbox/http/named-answers.js';

const root = join(import.meta.dirname, '../../../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('named answers', () => {
  it('are in the table of docs/sandbox.md, with target, status, meaning and source', () => {
    const rows = read('docs/sandbox.md')
      .split('\n')
      .filter((line) => /^\| `\w+` +\| (api|token|refresh|exchange|revoke) /.test(line))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    const expected = listNamedAnswers().map(({ name, target, status, about, source }) => [
      `\`${name}\``,
      target,
      status === null ? '' : String(status),
      about,
      source,
    ]);
    expect(rows).toEqual(expected);
  });

  it('cite sections of docs/zoom-protocol.md that exist', () => {
    const facts = read('docs/zoom-protocol.md');
    const cited = Object.values(NAMED_ANSWERS).flatMap(({ source }) => /^§([\d.]+)/.exec(source)?.[1] ?? []);
    expect(cited.length).toBeGreaterThan(40);
    const missing = cited.filter((section) => !new RegExp(`^##+ ${section}[ .]`, 'm').test(facts));
    expect(missing).toEqual([]);
  });

  it('cover the codes and the token errors that Zoom documents', () => {
    const bodies = JSON.stringify(Object.values(NAMED_ANSWERS).map(({ body }) => body));
    const codes = [
      104, 124, 200, 300, 1001, 1010, 1120, 2306, 3000, 3001, 3002, 3003, 3007, 3018, 3037, 3161, 3301,
    ];
    const later = [4001, 4700, 4709, 4711, 4717, 4735, 4738, 4741];
    const missing = [...codes, ...later].filter((code) => !bodies.includes(`:${code},`));
    expect(missing).toEqual([]);
    for (const error of [
      'invalid_grant',
      'invalid_request',
      'invalid_client',
      'unauthorized_client',
      'invalid_token',
    ])
      expect(bodies).toContain(`"${error}"`);
  });
});
