import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";
import { precompress } from "./precompress.ts";

const shared = /\/(nexios\/src|demo\/rooms\/house|web\/src\/(house|people|realtime|talk|network)|web\/src\/control\/format\.ts)/;

/** What all pages of the auction share. */
const auction =
  /\/(nexios\/patterns\/auction|nexios\/src\/react\/(use-(call|history|people|server-now)|failure)\.ts|web\/src\/(lots\/(money|time-text|flash|lot-status|own-lot|freshness|lot-row|card-time)|lot\/(price-board|countdown|bid-history|kept-bids|span-text)|messages\/en-auction)|demo\/rooms\/visitor-limit)/;

/** What the bell and the pages of the inbox share. */
const notices =
  /\/(nexios\/patterns\/notifications|demo\/rooms\/inbox|web\/src\/(messages\/en-inbox|inbox\/(held-list|use-held-inbox|notice|notice-icon|notice-text|toasts|toast-rules|live-bell)\.tsx?|styles\/inbox))/;

/** What a text needs wherever it is read, and no more: the lot's page has no editor. */
const sharedText =
  /\/(nexios\/patterns\/collab\/(index|contract|state|entry|engine|engine-updates|gate|text-difference|decoded-update)\.ts|node_modules\/(yjs|lib0|fast-diff)\/)/;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), precompress()],
  // The package as it stands in this repository, not as it was built last.
  resolve: { conditions: ["source", ...defaultClientConditions] },
  build: {
    // The first versions with `light-dark()`: older targets would have it rewritten into twice the CSS.
    target: ["es2024", "chrome123", "edge123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      // What all rooms share is one script, not one for each set of rooms that share something.
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: "auction", test: auction, priority: 1 },
            { name: "notices", test: notices, priority: 1 },
            { name: "text-engine", test: sharedText, priority: 1 },
            { name: "house", test: shared },
          ],
        },
      },
    },
  },
});
