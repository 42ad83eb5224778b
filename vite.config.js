// Builds frontend/ into the web door's static files, each with a hash in its name and a compressed copy beside it.
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliCompress, createGzip } from 'node:zlib';
import { PurgeCSS } from 'purgecss';
import { defineConfig } from 'vite';

import { OF_TABLER } from './frontend/of_tabler.js';

const OUT = 'pacesetter/web/static/dist';

function compressedCopies() {
  return {
    name: 'compressed-copies',
    apply: 'build',
    async closeBundle() {
      for (const entry of await readdir(OUT, { recursive: true })) {
        if (!/\.(js|css|svg)$/.test(entry)) continue;
        const file = join(OUT, entry);
        await pipeline(createReadStream(file), createGzip({ level: 9 }), createWriteStream(`${file}.gz`));
        await pipeline(createReadStream(file), createBrotliCompress(), createWriteStream(`${file}.br`));
      }
    },
  };
}

// A tenth of Tabler is used: frontend/of_tabler.js names it.
function onlyWhatPagesUse() {
  return {
    name: 'only-what-pages-use',
    enforce: 'pre',
    async transform(css, id) {
      if (!/@tabler.core.*\.css$/.test(id)) return null;
      const content = [{ raw: OF_TABLER, extension: 'html' }];
      const defaultExtractor = (words) => words.split(/\s+/);
      const [kept] = await new PurgeCSS().purge({ content, css: [{ raw: css }], defaultExtractor, variables: true });
      return { code: kept.css, map: null };
    },
  };
}

export default defineConfig({
  base: '/static/dist/',
  plugins: [onlyWhatPagesUse(), compressedCopies()],
  build: {
    manifest: 'manifest.json',
    outDir: OUT,
    emptyOutDir: true,
    // Tabler uses light-dark(), which minifiers have been seen to break.
    cssMinify: false,
    chunkSizeWarningLimit: 1200,
    // htmx holds an eval that allowEval: false never reaches; the content policy refuses it besides.
    rollupOptions: { checks: { eval: false }, input: { app: 'frontend/app.js', charts: 'frontend/charts.js', verdict: 'frontend/verdict.js' } },
  },
});
