import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { precompress } from "./precompress.ts";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), precompress()],
  build: {
    // The first versions with `light-dark()`: older targets would have it rewritten into twice the CSS.
    target: ["es2024", "chrome123", "edge123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
