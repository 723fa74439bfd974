// Writes a brotli copy (.br) beside each text and WASM file of a folder where the copy is missing or older; prints the sizes.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const [folder, quality] = process.argv.slice(2);
const worthIt = ['.css', '.html', '.ico', '.js', '.json', '.svg', '.txt', '.wasm', '.webmanifest'];

// A copy made in haste (make dev) must not stay when the release is built.
const note = join(folder, '..', 'site-work', 'brotli-quality');
const sameQuality = existsSync(note) && readFileSync(note, 'utf8') === quality;

for (const name of readdirSync(folder, { recursive: true }).sort()) {
  const file = join(folder, name);
  if (!worthIt.includes(extname(file)) || !statSync(file).isFile()) continue;
  const copy = `${file}.br`;
  const content = readFileSync(file);
  if (!sameQuality || !existsSync(copy) || statSync(copy).mtimeMs < statSync(file).mtimeMs) {
    writeFileSync(copy, brotliCompressSync(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: Number(quality),
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }));
  }
  if (name.startsWith('pkg')) {
    const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
    console.log(`    ${relative(folder, file)}: ${kilobytes(content.length)}, brotli ${kilobytes(statSync(copy).size)}`);
  }
}
writeFileSync(note, quality);
