// Renews src/diaban/web/static/vendor from the packages of package-lock.json.
//
// Run at development time only (`npm ci && npm run vendor`); the result is committed, so that an
// installation needs no Node. Each package gets a folder `<name>-<version>` with its licence;
// manifest.json lists every file with its SHA-256, which a test compares.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from 'sass';
import subsetFont from 'subset-font';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const MODULES = join(ROOT, 'node_modules');
const VENDOR = join(ROOT, 'src/diaban/web/static/vendor');
const HERE = join(ROOT, 'tools/vendor');

const WEIGHTS = [400, 500, 600];

// Digits and the signs beside them: Be Vietnam Pro has no tabular figures, Inter has.
const DIGITS = '0123456789+%,.\u2212\u00d7';
const LATIN = range(0x20, 0x7e) + range(0xa0, 0xff) + '\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u2212\u2190\u2191\u2192\u2193\u2264\u2265';
const VIETNAMESE = '\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u20ab' + range(0x1ea0, 0x1ef9);

const packages = [];

function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join('');
}

/** Describe one package, make its folder and give a function that writes files into it. */
function open(source, name, licenceFile = join(MODULES, source, 'LICENSE')) {
  const { version, license } = JSON.parse(readFileSync(join(MODULES, source, 'package.json'), 'utf8'));
  const folder = `${name}-${version}`;
  packages.push({ name: source, version, licence: license, folder });
  mkdirSync(join(VENDOR, folder), { recursive: true });
  const put = (file, content) => writeFileSync(join(VENDOR, folder, file), content);
  put('LICENSE', tidy(readFileSync(licenceFile, 'utf8')));
  return put;
}

/** Source maps are not shipped: a comment that names one would be a request that fails. */
function withoutSourceMap(text) {
  return tidy(text.replace(/^\/[/*]# sourceMappingURL=.*$/gm, ''));
}

function tidy(text) {
  return text.replace(/[ \t]+$/gm, '').trimEnd() + '\n';
}

function read(...parts) {
  return readFileSync(join(MODULES, ...parts), 'utf8');
}

async function fonts() {
  const letters = open('@fontsource/be-vietnam-pro', 'be-vietnam-pro');
  const digits = open('@fontsource/inter', 'inter');
  const cut = (family, script, weight, text, keepFeatures) =>
    subsetFont(
      readFileSync(join(MODULES, `@fontsource/${family}/files/${family}-${script}-${weight}-normal.woff2`)),
      text,
      { targetFormat: 'woff2', keepFeatures, noHinting: true },
    );
  for (const weight of WEIGHTS) {
    letters(`latin-${weight}.woff2`, await cut('be-vietnam-pro', 'latin', weight, LATIN, ['kern', 'mark', 'ccmp', 'locl']));
    letters(`vietnamese-${weight}.woff2`, await cut('be-vietnam-pro', 'vietnamese', weight, VIETNAMESE, ['kern', 'mark', 'ccmp', 'locl']));
    digits(`digits-${weight}.woff2`, await cut('inter', 'latin', weight, DIGITS, ['kern', 'tnum']));
  }
}

/** One sprite of the icons named in icons.txt (one a line, `symbol` or `symbol = bootstrap name`). */
function icons() {
  const put = open('bootstrap-icons', 'bootstrap-icons');
  const symbols = readFileSync(join(HERE, 'icons.txt'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean)
    .map((line) => {
      const [symbol, source = symbol] = line.split(/\s*=\s*/);
      const inner = read('bootstrap-icons/icons', `${source}.svg`)
        .replace(/^<svg[^>]*>\s*/, '')
        .replace(/\s*<\/svg>\s*$/, '')
        .replace(/\s*\n\s*/g, '');
      return `<symbol id="${symbol}" viewBox="0 0 16 16">${inner}</symbol>`;
    });
  put('icons.svg', `<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">\n${symbols.join('\n')}\n</svg>\n`);
}

function bootstrap() {
  const put = open('bootstrap', 'bootstrap');
  const { css } = compile(join(HERE, 'bootstrap.scss'), {
    style: 'compressed',
    loadPaths: [MODULES],
    quietDeps: true,
    silenceDeprecations: ['import', 'global-builtin', 'color-functions', 'if-function'],
  });
  const { version } = JSON.parse(read('bootstrap/package.json'));
  put('bootstrap.min.css', withoutSourceMap(
    `/* Bootstrap v${version}, cut down by tools/vendor/bootstrap.scss. Licence: MIT, see LICENSE. */\n${css.replace(/^\ufeff/, '')}`));
}

function scripts() {
  open('htmx.org', 'htmx')('htmx.min.js', withoutSourceMap(read('htmx.org/dist/htmx.min.js')));
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

rmSync(VENDOR, { recursive: true, force: true });
mkdirSync(VENDOR, { recursive: true });
bootstrap();
await fonts();
icons();
scripts();

const files = Object.fromEntries(
  filesBelow(VENDOR).sort().map((path) => [
    relative(VENDOR, path),
    createHash('sha256').update(readFileSync(path)).digest('hex'),
  ]),
);
writeFileSync(join(VENDOR, 'manifest.json'), JSON.stringify({ packages, files }, null, 2) + '\n');
console.log(`${Object.keys(files).length} files of ${packages.length} packages`);
