// Takes a defence out of a source: the statement, property or expression that a comment `defence: <marker>` stands before.
// It is found in the syntax tree, so that neither its format nor its wording pins it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const MARKER = /(?:\/\/|\/\*) defence: ([a-z0-9-]+)/g;
const LOGICAL = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);

/**
 * The rows of test/defences with the source without the defence, its file and its place in it. A row is
 * `{ defence, marker, instead?, test, title }`; without `instead` the marked node is dropped. In `instead`, `<self>`
 * stands for the marked node and `<then>` for what a marked `if` guards. Throws when a row does not fit its source.
 */
export function readDefences(root) {
  const folder = join(root, 'test', 'defences');
  const rows = readdirSync(folder).flatMap((list) => JSON.parse(readFileSync(join(folder, list), 'utf8')));
  const marked = findMarked(root);
  const names = new Set(rows.map(({ marker }) => marker));
  for (const [marker, { file }] of marked)
    if (!names.has(marker)) throw new Error(`No row of test/defences names "${marker}" in ${file}`);
  return rows.map((row) => takeOutMarked(row, marked.get(row.marker)));
}

/** Every marker in src with its file and node. */
function findMarked(root) {
  const found = new Map();
  for (const name of readdirSync(join(root, 'src'), { recursive: true })) {
    const file = join('src', name);
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(join(root, file), 'utf8');
    if (text.search(MARKER) < 0) continue;
    const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
    for (const [marker, node] of markedIn(tree)) {
      if (found.has(marker))
        throw new Error(`"${marker}" stands in ${found.get(marker).file} and in ${file}`);
      found.set(marker, { file, node });
    }
  }
  return found;
}

/** The markers of a file, each with the largest node that begins after it. */
export function markedIn(tree) {
  const found = new Map();
  const visit = (node) => {
    const before = tree.text.slice(node.getFullStart(), node.getStart());
    for (const [, marker] of before.matchAll(MARKER)) if (!found.has(marker)) found.set(marker, node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(tree, visit);
  return found;
}

function takeOutMarked(row, place) {
  if (!place) throw new Error(`Nothing in src is marked "defence: ${row.marker}"`);
  const { file, node } = place;
  const line = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
  return { ...row, file, place: `${file}:${line}`, source: takeOut(node, row.instead) };
}

/** The text of a node's file without it, or with `instead` in its place. */
export function takeOut(node, instead) {
  const { text } = node.getSourceFile();
  const [start, end, filling] =
    instead === undefined ? rangeToDrop(node) : [node.getStart(), node.end, fill(instead, node)];
  return text.slice(0, start) + filling + text.slice(end);
}

function fill(instead, node) {
  return instead
    .replaceAll('<self>', () => node.getText())
    .replaceAll('<then>', () => {
      if (!ts.isIfStatement(node))
        throw new Error(`<then> in "${instead}": the marked node is no if statement`);
      return node.thenStatement.getText();
    });
}

/** From where to where to cut to drop a node, and what has to stand there to keep the syntax. */
function rangeToDrop(node) {
  const { parent } = node;
  if (ts.isBinaryExpression(parent) && LOGICAL.has(parent.operatorToken.kind))
    return [parent.left.end, node.end, ''];
  if (ts.isStatement(node)) {
    const inList = ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isCaseOrDefaultClause(parent);
    return [node.getStart(), node.end, inList ? '' : '{}'];
  }
  const list = [parent.properties, parent.elements, parent.arguments].find((nodes) => nodes?.includes(node));
  if (list) {
    const next = list[list.indexOf(node) + 1];
    if (next) return [node.getStart(), next.getStart(), ''];
    return [node.getStart(), list.hasTrailingComma ? list.end : node.end, ''];
  }
  throw new Error(`Cannot drop ${node.getText()}: give the row an "instead"`);
}
