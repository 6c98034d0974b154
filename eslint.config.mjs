import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

/** The arrows of the kit: data flows environment → footprint → substrate → platform, and never back. */
const mayNotImport = (files, groups, message) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: [{ group: groups, message }] }] },
});

const insideApply = (what) => `CallExpression[callee.property.name='apply'] ${what}`;

export default tseslint.config(
  { ignores: ["node_modules", ".cloister", "**/*.js", "**/*.cjs", "**/*.mjs"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "@pulumi": pulumi },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
      "no-restricted-syntax": [
        "error",
        {
          selector: insideApply("NewExpression[callee.property.name=/^[A-Z]/][arguments.length>=2]"),
          message: "No resource is created inside apply: previews would not show it.",
        },
        {
          selector: insideApply("CallExpression[callee.name='expect']"),
          message: "An expectation inside apply may never run: await the value and assert on it.",
        },
      ],
    },
  },
  // Policies read what the engine hands them: properties of any resource, which have no type.
  {
    files: ["policies/**", "test/policies/**"],
    rules: { "@typescript-eslint/no-unsafe-member-access": "off", "@typescript-eslint/no-unsafe-assignment": "off" },
  },
  // Vitest reads its settings from a default export.
  { files: ["vitest.config.mts"], rules: { "no-restricted-exports": "off" } },
  mayNotImport(
    ["components/platform/**"],
    ["**/foundation/**", "**/foundation", "**/stacks/**"],
    "The platform is the same on every footprint: it sees the Substrate and nothing below it.",
  ),
  mayNotImport(
    ["policies/**", "services/**", "rehearsal/**"],
    ["**/components/**"],
    "Policies, services and the rehearsal judge or run what components make; they never import one.",
  ),
  mayNotImport(
    ["components/**", "stacks/**", "index.ts"],
    ["**/rehearsal/**", "**/test/**", "**/scripts/**"],
    "What users deploy never depends on the rehearsal, the tests or the operator's commands.",
  ),
);
