// Unpacks the browser of @sparticuz/chromium beside itself and writes how to start it.
import { createReadStream, createWriteStream, mkdirSync, writeFileSync, chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

const home = resolve(process.argv[2]);
const packed = join(home, 'node_modules', '@sparticuz', 'chromium', 'bin');
const tar = createRequire(join(home, 'package.json'))('tar-fs');

async function unpackTar(name, target) {
  mkdirSync(target, { recursive: true });
  await pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), tar.extract(target));
}

const program = join(home, 'chromium');
await pipeline(createReadStream(join(packed, 'chromium.br')), createBrotliDecompress(), createWriteStream(program));
chmodSync(program, 0o755);
await unpackTar('al2023.tar.br', join(home, 'al2023'));
await unpackTar('swiftshader.tar.br', home);
await unpackTar('fonts.tar.br', join(home, 'fonts'));
writeFileSync(
  join(home, 'fonts', 'fonts.conf'),
  `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(home, 'fonts')}</dir><cachedir>${join(home, 'fontcache')}</cachedir></fontconfig>`,
);
writeFileSync(
  join(home, 'environment.json'),
  JSON.stringify({
    CHROMIUM: program,
    LD_LIBRARY_PATH: `${join(home, 'al2023', 'lib')}:${home}`,
    FONTCONFIG_FILE: join(home, 'fonts', 'fonts.conf'),
  }),
);
