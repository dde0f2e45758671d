/**
 * Who may import whom: the floors of the house, the sections of the web application, and no cycle between the files and
 * folders that stand side by side in any folder. Prints each import that is refused. `node scripts/floors.mjs [folder]`
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** For each part of the tree, what it may import beside itself: folders or files. What is not named here may import all. */
const floors = {
  platform: [],
  directory: ['platform'],
  idp: ['platform', 'directory'],
  policy: ['platform'],
  'policy/register': ['platform', 'directory', 'policy/errors.ts'],
  'policy/decisions': ['platform', 'directory', 'policy/errors.ts', 'policy/register'],
  'policy/governance': ['platform', 'directory', 'policy/errors.ts', 'policy/register', 'policy/decisions'],
  'admin-ui': ['platform', 'directory', 'policy'],
  'clients/typescript': [],
  'clients/partner-kit': [],
  'demo/casebook': ['clients'],
};

/** Parts that must run wherever they are copied to, so they use no package either. */
const alone = ['clients/typescript/src'];

/** What the sections of the web application share; they never import one another. */
const shared = ['kit', 'session', 'words'];

const statement =
  /^(?:import|export)\b[^;'"]*?\bfrom\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*(?:\/\*.*?\*\/\s*)?['"`]([^'"`]+)/gms;

/** What templates of the web application take from one another: their names begin at its folder. */
const template = /\{%-?\s*(?:from|include|extends|import)\s+"((?!govuk\/)[\w-]+\/[^"]+)"/g;

/** Every import of the tree as `{ from, to, line }`, paths from the root; `to` is a package's name as it stands. */
function listImports(root) {
  return [...listOfCode(root), ...listOfTemplates(root)];
}

function listOfTemplates(root) {
  return globSync('admin-ui/**/*.njk', { cwd: root }).flatMap((from) => {
    const text = readFileSync(path.join(root, from), 'utf8');
    return [...text.matchAll(template)].map((found) => ({
      from,
      to: `admin-ui/${found[1]}`,
      ours: true,
      line: text.slice(0, found.index).split('\n').length,
    }));
  });
}

function listOfCode(root) {
  const files = globSync('**/*.ts', { cwd: root, exclude: ['node_modules/**', '.data/**'] });
  return files.flatMap((from) => {
    const text = readFileSync(path.join(root, from), 'utf8');
    return [...text.matchAll(statement)].map((found) => {
      const name = found[1] ?? found[2] ?? found[3];
      const to = name.startsWith('.') ? path.posix.join(path.posix.dirname(from), name) : name;
      return { from, to, ours: name.startsWith('.'), line: text.slice(0, found.index).split('\n').length };
    });
  });
}

const isIn = (file, place) => file === place || file.startsWith(`${place}/`);

/** The narrowest part of the table that holds a file. */
function floorOf(file) {
  const holding = Object.keys(floors).filter((place) => isIn(file, place));
  return holding.sort((a, b) => b.length - a.length)[0];
}

/** Why an import is refused, or undefined. */
function refusal({ from, to, ours }) {
  if (alone.some((place) => isIn(from, place)) && (!ours || !alone.some((place) => isIn(to, place))))
    return 'this part has no dependency at all: it imports its own files only';
  const floor = floorOf(from);
  if (!ours || floor === undefined) return undefined;
  if (floorOf(to) !== floor && !floors[floor].some((place) => isIn(to, place)))
    return `${floor} may import ${floors[floor].join(', ') || 'nothing else of ours'}`;
  return isBetweenSections(from, to)
    ? `sections share only ${shared.join(', ')} and never import one another`
    : undefined;
}

function isBetweenSections(from, to) {
  const [section, other] = [from, to].map((file) => /^admin-ui\/([^/]+)\//.exec(file)?.[1]);
  return section !== undefined && other !== undefined && section !== other && !shared.includes(other);
}

/** Cycles among the children of each folder, where a subfolder counts with all that is in it. */
function listCycles(imports) {
  const levels = new Map();
  for (const { from, to, ours } of imports) {
    if (!ours || from.startsWith('test/')) continue;
    const [a, b] = [from.split('/'), to.split('/')];
    const depth = a.findIndex((part, at) => part !== b[at]);
    if (depth < 0) continue;
    const folder = a.slice(0, depth).join('/') || '.';
    const children = levels.get(folder) ?? new Map();
    levels.set(folder, children);
    children.set(a[depth], (children.get(a[depth]) ?? new Map()).set(b[depth], `${from} imports ${to}`));
  }
  return [...levels].flatMap(([folder, children]) => findCycle(children).map((steps) => ({ folder, steps })));
}

/** One cycle of a graph, as the imports along it, or none. */
function findCycle(children) {
  const done = new Set();
  const visit = (child, way) => {
    if (way.includes(child)) return [...way.slice(way.indexOf(child)), child];
    if (done.has(child)) return undefined;
    for (const next of children.get(child)?.keys() ?? []) {
      const found = visit(next, [...way, child]);
      if (found !== undefined) return found;
    }
    done.add(child);
    return undefined;
  };
  for (const child of children.keys()) {
    const cycle = visit(child, []);
    if (cycle !== undefined) return [cycle.slice(1).map((next, at) => children.get(cycle[at]).get(next))];
  }
  return [];
}

const root = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..'));
if (!existsSync(path.join(root, 'tsconfig.json'))) throw new Error(`${root} holds no tsconfig.json`);
const imports = listImports(root);
const refused = imports.flatMap((one) => {
  const why = refusal(one);
  return why === undefined ? [] : [`${one.from}:${one.line} imports ${one.to}: ${why}`];
});
const cycles = listCycles(imports).map(({ folder, steps }) => `cycle in ${folder}:\n  ${steps.join('\n  ')}`);
for (const line of [...refused, ...cycles]) console.error(line);
process.exitCode = refused.length + cycles.length === 0 ? 0 : 1;
