import { defineConfig } from "oxlint";
import { dependencyOwners, layers } from "./layers.ts";

interface Restriction {
  readonly group: string[];
  readonly message: string;
}

function restrictImports(files: string[], patterns: Restriction[]) {
  return { files, rules: { "no-restricted-imports": ["error", { patterns }] as ["error", { patterns: Restriction[] }] } };
}

function foreignPackages(file?: string): Restriction[] {
  return Object.entries(dependencyOwners)
    .filter(([, owner]) => owner !== file)
    .map(([name, owner]) => ({ group: [name, `${name}/*`], message: `${name} is imported by ${owner} alone.` }));
}

function foreignFolders(folder: string, allowed: readonly string[]): Restriction[] {
  const foreign = Object.keys(layers).filter((other) => other !== folder && !allowed.includes(other));
  return foreign.map((other) => ({ group: [`../${other}/*`, `../../${other}/*`], message: `${folder} may not import ${other}: see layers.ts.` }));
}

const noReact: Restriction = { group: ["react", "react/*", "react-dom", "react-dom/*"], message: "React is imported by nexios/src/react alone." };

const ofFolders = Object.entries(layers).map(([folder, allowed]) =>
  restrictImports([`nexios/src/${folder}/**/*.ts`], [...foreignFolders(folder, allowed), ...foreignPackages(), ...(folder === "react" ? [] : [noReact])]),
);
const ofOwners = [...new Set(Object.values(dependencyOwners))].map((owner) => {
  const folder = owner.split("/")[2] ?? "";
  return restrictImports([owner], [...foreignFolders(folder, layers[folder] ?? []), ...foreignPackages(owner)]);
});

const timers = ["setTimeout", "setInterval", "setImmediate"].map((name) => ({ name, message: "Take the time from `world/clock.ts`." }));
const simulated = [...timers, ...["performance", "crypto"].map((name) => ({ name, message: "Time and random numbers are handed in." }))];

const pureProperties: ["error", ...{ object: string; property: string; message: string }[]] = [
  "error",
  { object: "Date", property: "now", message: "Take the time from `world/clock.ts`, or the store's from its log." },
  { object: "Math", property: "random", message: "Random numbers are handed in." },
  { object: "process", property: "nextTick", message: "A simulation does not wait for it." },
];

export default defineConfig({
  plugins: ["typescript", "import", "promise", "vitest", "unicorn", "oxc"],
  categories: { correctness: "error", suspicious: "warn" },
  options: { typeAware: true, denyWarnings: true },
  ignorePatterns: ["**/dist/**"],
  rules: {
    "max-lines": ["error", { max: 300, skipBlankLines: false, skipComments: false }],
    "import/no-cycle": ["error", { ignoreTypes: true }],
    "import/no-default-export": "error",
    "import/no-unassigned-import": "off",
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-unsafe-type-assertion": "off",
    "vitest/no-focused-tests": "error",
    "no-console": "error",
    "no-await-in-loop": "off",
    "no-underscore-dangle": "off",
    // `fc.assert` is how fast-check is written.
    "import/no-named-as-default-member": "off",
    "unicorn/consistent-function-scoping": "off",
    // The compiler sees which switch is exhaustive.
    "typescript/consistent-return": "off",
    "typescript/no-generated-empty-object-type": "off",
    // It means windows; ours are worker threads.
    "unicorn/require-post-message-target-origin": "off",
  },
  overrides: [
    ...ofFolders,
    // A pattern uses the package as its users do, and its rules are pure.
    restrictImports(
      ["nexios/patterns/**/*.ts"],
      [{ group: ["../../src/*", "../../../src/*"], message: "A pattern imports the package's entries, as a user does." }, ...foreignPackages()],
    ),
    ...ofOwners,
    { files: ["nexios/src/**/*.{test,fixture}.ts"], rules: { "no-restricted-imports": "off", "typescript/unbound-method": "off" } },
    {
      files: ["nexios/src/{server,endpoint,channels,broker,events,app,otlp}/**/*.ts"],
      rules: {
        "no-restricted-globals": ["error", ...timers],
      },
    },
    {
      // All that a simulation runs: its time and its chance come from outside, so that a seed tells everything.
      files: ["nexios/src/{contract,log,protocol,broker,metrics,rooms,client,simulation}/**/*.ts"],
      rules: {
        "no-restricted-globals": ["error", ...simulated],
        "no-restricted-properties": pureProperties,
      },
    },
    { files: ["nexios/patterns/**/*.ts"], rules: { "no-restricted-globals": ["error", ...simulated], "no-restricted-properties": pureProperties } },
    // Its tests look behind the entries: at frames, times and stores.
    { files: ["nexios/patterns/**/*.{test,fixture}.ts"], rules: { "no-restricted-imports": "off" } },
    // What a client's world is made of outside of a simulation.
    { files: ["nexios/src/client/browser-world.ts"], rules: { "no-restricted-globals": "off", "no-restricted-properties": "off" } },
    {
      files: ["nexios/{src,patterns}/**/*.{test,fixture}.ts"],
      rules: { "no-restricted-globals": "off", "no-restricted-properties": "off", "no-restricted-imports": "off" },
    },
    { files: ["*.config.ts", "demo/web/vite.config.ts"], rules: { "import/no-default-export": "off" } },
    { files: ["demo/web/**/*.{ts,tsx}"], plugins: ["react", "jsx-a11y", "typescript", "import"], rules: { "react/react-in-jsx-scope": "off" } },
    { files: ["commands/**", "bench/**", "examples/**", "demo/server/main.ts", "test/run.ts", "test/browser/picture.ts"], rules: { "no-console": "off" } },
  ],
});
