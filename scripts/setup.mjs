/**
 * Brings a fresh checkout to the point where Wayleave runs: dependencies as the lockfile says, and a Node 24 in
 * `node_modules/.bin`. npm does it, whichever package manager runs this. Uses nothing but Node's built-ins, and works under
 * Node 20. Quick when nothing is to be done.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modules = path.join(root, 'node_modules');
const wantedNode = 24;
/** What the lockfile says, where it says it: whatever the user has set npm to do with projects of their own. */
const ciFlags = [
  'ci',
  '--include=dev',
  '--include=optional',
  '--package-lock=true',
  '--install-strategy=hoisted',
  '--bin-links=true',
  '--global=false',
  '--dry-run=false',
  '--engine-strict=false',
  '--loglevel=error',
  '--no-audit',
  '--no-fund',
];

try {
  refuseForeignShell();
  if (!isInstalled()) await alone(installUnlessDone);
  ensureNode();
} catch (error) {
  console.error(`\nWayleave cannot be set up. ${error.message}`);
  process.exit(1);
}

/** Yarn 2 and later read the rest of our command themselves, and know no `exec`. */
function refuseForeignShell() {
  const [, version] = /^yarn\/([2-9]\S*)/.exec(process.env.npm_config_user_agent ?? '') ?? [];
  if (version === undefined) return;
  throw new Error(`Yarn ${version} runs scripts in a shell of its own, which cannot run this one. Use npm: npm start.`);
}

async function installUnlessDone() {
  if (!isInstalled()) await install();
}

/**
 * True if every package of the lockfile stands in node_modules in its version. npm writes its own list of what it
 * installed as the last thing, so that an install that was cut short has none; a folder removed by hand is noticed too.
 */
function isInstalled() {
  const wanted = readJson(path.join(root, 'package-lock.json'))?.packages;
  const installed = readJson(path.join(modules, '.package-lock.json'))?.packages;
  if (wanted === undefined) throw new Error('package-lock.json is missing or damaged: restore it from the repository.');
  if (installed === undefined) return false;
  return Object.entries(wanted).every(([folder, entry]) => {
    if (folder === '') return true;
    const found = installed[folder];
    if (found === undefined) return entry.optional === true && !isOursForThisMachine(folder, entry, wanted['']);
    return (
      found.version === entry.version &&
      found.integrity === entry.integrity &&
      existsSync(path.join(root, folder, 'package.json'))
    );
  });
}

/** The optional packages that we name ourselves are needed where they fit: npm goes on without a word if one fails to arrive. */
function isOursForThisMachine(folder, entry, project) {
  const named = folder.slice('node_modules/'.length) in (project.optionalDependencies ?? {});
  const fits = (list, value) => list === undefined || [list].flat().includes(value);
  return named && fits(entry.os, process.platform) && fits(entry.cpu, process.arch);
}

async function install() {
  console.log('Installing dependencies from the lockfile (about 600 MB; a minute or two the first time) …');
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const timer = setInterval(() => console.log(`  … still installing (${seconds()} s)`), 10_000);
  const { code, output } = await run(...npm(), ciFlags).finally(() => clearInterval(timer));
  if (code === 'ENOENT') {
    throw new Error(
      'npm is not on the PATH, and npm sets Wayleave up whichever package manager starts it. It comes with Node: https://nodejs.org',
    );
  }
  if (code !== 0)
    throw new Error(
      `npm ci failed (exit code ${code}):\n${output.trim()}\nRun the same command again to go on from here.`,
    );
  console.log(`  dependencies installed in ${seconds()} s`);
}

/**
 * The npm that runs us, under the Node that runs it (ours, in node_modules, is about to be replaced); else the one on the path:
 * pnpm, Yarn and Bun put themselves where npm puts itself.
 */
function npm() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  if (script === undefined || path.basename(script) !== 'npm-cli.js') return ['npm', []];
  return [node !== undefined && !realPath(node).startsWith(modules) ? node : 'node', [script]];
}

function run(command, before, flags) {
  const child = spawn(command, [...before, ...flags], {
    cwd: root,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: error.code, output: error.message }));
    child.on('close', (code, signal) => resolve({ code: code ?? signal, output }));
  });
}

/** Without our own node_modules on the path, and with a cache that npm can write to (a user may have no home). */
function environment() {
  const env = { ...process.env };
  env.PATH = (env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => !folder.startsWith(modules))
    .join(path.delimiter);
  delete env.NODE_ENV;
  // Yarn tells its scripts its own address of the registry, which the user of npm may not reach or want.
  if (env.npm_config_registry === 'https://registry.yarnpkg.com') delete env.npm_config_registry;
  const cache = env.npm_config_cache ?? path.join(env.HOME ?? '/nonexistent', '.npm');
  if (!isWritable(cache)) env.npm_config_cache = path.join(root, '.data', 'npm-cache');
  return env;
}

/** Makes sure that `node_modules/.bin/node` is a Node 24: from its package, or else the one that runs this script. */
function ensureNode() {
  const bin = path.join(modules, '.bin', 'node');
  if (versionOf(bin) >= wantedNode) return;
  // Bun says that it is a Node, and is none that runs Wayleave.
  const own = process.versions.bun === undefined ? Number(process.versions.node.split('.')[0]) : 0;
  if (own < wantedNode) {
    const machine = `${process.platform}-${process.arch}`;
    throw new Error(
      `It runs on Node ${wantedNode}, which for this machine (${machine}) is not among its packages, and this is ` +
        `${process.versions.bun === undefined ? `Node ${process.versions.node}` : 'Bun'}. Install Node ${wantedNode} or newer from https://nodejs.org and run the command again.`,
    );
  }
  mkdirSync(path.dirname(bin), { recursive: true });
  // Put in its place whole: another set-up may be at the same point.
  const link = `${bin}.${process.pid}`;
  symlinkSync(process.execPath, link);
  renameSync(link, bin);
}

function versionOf(node) {
  // Without NODE_OPTIONS: one that this Node does not know is no sign that it is another Node.
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8', env });
  return status === 0 ? Number(stdout.slice(1).split('.')[0]) : 0;
}

/** Runs `work` while no other set-up of this checkout does. */
async function alone(work) {
  const lock = path.join(root, '.data', 'setup.lock');
  try {
    mkdirSync(path.dirname(lock), { recursive: true });
    accessSync(path.dirname(lock), constants.W_OK);
    accessSync(root, constants.W_OK);
  } catch (error) {
    throw new Error(
      `Its dependencies belong into ${modules}, and ${root} cannot be written to (${error.code}). Set it up once as a user who ` +
        'can, with npm start, or copy it to a folder of your own.',
      { cause: error },
    );
  }
  for (let waited = 0; !take(lock); waited += 1) {
    if (waited % 40 === 0) console.log('Another set-up of this checkout is under way; waiting for it …');
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!isHeld(lock)) rmSync(lock, { force: true });
  return false;
}

/** A lock whose writer died, also between making the file and writing its number into it, is held by nobody. */
function isHeld(lock) {
  try {
    const holder = Number(readFileSync(lock, 'utf8'));
    return holder === 0 ? Date.now() - statSync(lock).mtimeMs < 5_000 : isAlive(holder);
  } catch {
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** True if the folder can be written to, or made where the nearest one that exists can be. */
function isWritable(folder) {
  let nearest = folder;
  while (!existsSync(nearest)) nearest = path.dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK);
    return statSync(nearest).isDirectory();
  } catch {
    return false;
  }
}

function realPath(file) {
  return existsSync(file) ? realpathSync(file) : file;
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
