/** Figures of the house, to be quoted: how large its parts are without tests. `node scripts/figures.mjs [folder]` */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parsers } from 'prettier/plugins/babel';

const root = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..'));
const all = globSync('**/*.{ts,mjs}', { cwd: root, exclude: ['node_modules/**', '.data/**', '**/dist/**'] });
const files = all.filter((file) => !file.startsWith('test/')).map((name) => read(name));
const tests = all.filter((file) => file.startsWith('test/')).map((name) => read(name));
const functions = files.flatMap(({ name, text }) => [...listFunctions(name, text)]);

function read(name) {
  const text = readFileSync(path.join(root, name), 'utf8');
  return { name, text, lines: text.split('\n').length - 1 };
}

/** Functions that have a name: declared, methods, and those that a constant or a key of an object holds. */
function* listFunctions(file, text) {
  const nodes = [[parsers['babel-ts'].parse(text, { filepath: file }), undefined]];
  for (let next = nodes.pop(); next !== undefined; next = nodes.pop()) {
    const [node, name] = next;
    if (/Function|^(Object|Class)Method$/.test(node.type) && node.body?.loc && (node.id ?? node.key ?? name))
      yield {
        name: `${file} ${(node.id ?? node.key ?? name).name}`,
        lines: node.loc.end.line - node.loc.start.line + 1,
      };
    for (const [key, child] of Object.entries(node)) {
      if (key === 'comments' || key === 'tokens') continue;
      for (const one of [child].flat())
        if (typeof one?.type === 'string')
          nodes.push([one, key === 'init' ? node.id : key === 'value' ? node.key : undefined]);
    }
  }
}

const at = (items, share) =>
  items.map(({ lines }) => lines).toSorted((a, b) => a - b)[Math.floor((items.length - 1) * share)];
const sum = (items) => items.reduce((total, { lines }) => total + lines, 0);
const longer = (items, limit) => items.filter(({ lines }) => lines > limit).toSorted((a, b) => b.lines - a.lines);
const row = (what, value, those = []) => {
  console.log(`${what.padEnd(34)} ${String(value).padStart(7)}`);
  for (const { name, lines } of those) console.log(`    ${lines}  ${name}`);
};

row('lines without tests', sum(files));
row('files', files.length);
row('lines a file: median', at(files, 0.5));
row('lines a file: 90th percentile', at(files, 0.9));
row('files over 300 lines', longer(files, 300).length, longer(files, 300));
row('functions', functions.length);
row('lines a function: median', at(functions, 0.5));
row('lines a function: 90th percentile', at(functions, 0.9));
row('functions over 60 lines', longer(functions, 60).length, longer(functions, 60));
row('lines of tests', sum(tests));
for (const [what, script, sign] of [
  ['folders that import in a circle', 'floors.mjs', /^cycle in/],
  ['exports that nothing else uses', 'unused.mjs', /nothing else uses it$/],
]) {
  const { stderr } = spawnSync(process.execPath, [path.join(import.meta.dirname, script), root], { encoding: 'utf8' });
  row(what, stderr.split('\n').filter((line) => sign.test(line)).length);
}
