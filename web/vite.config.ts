import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env.WAYPOST_DEV_SERVER ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  server: { proxy: { '/api': { target: server, changeOrigin: false } } },
  build: {
    outDir: process.env.WAYPOST_UI_OUT ?? '../waypost/ui',
    emptyOutDir: true,
    target: 'es2022',
    // Older targets make the bundler lower light-dark(), and the lowered form cannot see Mantine's color-scheme.
    cssTarget: ['chrome123', 'safari17.5', 'firefox120'],
    manifest: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
});
