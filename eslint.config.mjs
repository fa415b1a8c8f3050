import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import { configs as lit } from 'eslint-plugin-lit';
import { configs as wc } from 'eslint-plugin-wc';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import house from './scripts/lint/house-plugin.mjs';

const markup = 'Text may come from another person: render it with a Lit template, which escapes it.';

export default defineConfig(
  globalIgnores([
    'dist/',
    'dist.*/',
    'coverage/',
    '.cache/',
    'relay/schemas/*.json',
    'test/consumer/',
    'demo/frameworks/',
    'test/frameworks/pages/',
  ]),
  js.configs.recommended,
  { rules: { eqeqeq: ['error', 'always', { null: 'ignore' }], 'no-var': 'error', 'prefer-const': 'error', 'object-shorthand': 'error' } },

  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      // It takes `@click=${this._onClick}` for a mistake; Lit binds such listeners.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-unused-expressions': ['error', { allowShortCircuit: true, allowTernary: true }],
      // An async function may be one for its caller's sake: what it throws becomes a rejection.
      '@typescript-eslint/require-await': 'off',
      // It would trade an assertion for an unsafe value.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },

  {
    files: ['relay/**/*.ts', 'components/**/*.ts', 'testing/**/*.ts', 'demo/**/*.js'],
    plugins: { house },
    rules: { 'house/import-direction': 'error', 'house/no-circles': 'error', 'no-console': ['error', { allow: ['warn', 'error'] }] },
  },

  {
    files: ['components/**/*.ts'],
    extends: [wc['flat/best-practice'], lit['flat/recommended']],
    settings: { wc: { elementBaseClasses: ['LitElement', 'ConnectedElement'] } },
    rules: {
      // Lit has every lifecycle callback.
      'wc/guard-super-call': 'off',
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write'].map((property) => ({ property, message: markup })),
      ],
    },
  },
  {
    files: ['components/call/**/*.ts', 'components/link/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', { name: 'document', message: 'A call knows no page; hand in what it needs.' }] },
  },

  {
    files: ['test/**/*.ts'],
    rules: {
      // Tests of node:test and the assertions of chai float and look like expressions; that is their style.
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      // What a fake takes and gives is decided by the one that it stands in for.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },

  { files: ['**/*.mjs'], languageOptions: { globals: globals.node } },
  { files: ['demo/**/*.js', 'test/**/support/**/*.{js,mjs}'], languageOptions: { globals: globals.browser } },
);
