import tseslint from 'typescript-eslint';

const ENVIRONMENT = {
  object: 'process',
  property: 'env',
  message: 'src/config/config.ts alone reads the environment.',
};
const STREAMS = ['stdout', 'stderr'].map((property) => ({
  object: 'process',
  property,
  message: 'Only the entry points write to the terminal. Everybody else has a logger.',
}));
const PROCESS = {
  name: 'node:process',
  message: 'Use the global `process`: the rules about it see that one.',
};
const CIPHER = {
  group: ['**/token-cipher.js'],
  importNames: ['TokenCipher'],
  message: 'Only grants open what is sealed.',
};
const EXPORT_ALL = {
  selector: 'ExportAllDeclaration',
  message: 'Import a thing from the file that defines it.',
};
const GRANTS_COLLECTION = {
  selector:
    'MemberExpression[property.name="grants"]:matches([object.name="models"], [object.property.name="models"])',
  message: 'Only grants/store reads and writes the collection of grants.',
};

export default tseslint.config(
  { ignores: ['dist/', '.stryker-tmp/', 'coverage/', 'node_modules/', 'web/dist/'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['*.mjs', 'scripts/*.mjs', 'web/*.mjs', 'test/*/*.mjs'],
        },
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // Resolver and model classes carry their meaning in decorators.
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Plain objects of the shape of a model or schema class are what the libraries ask for.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-console': 'error',
      'no-restricted-exports': [
        'error',
        {
          restrictDefaultExports: {
            direct: true,
            named: true,
            defaultFrom: true,
            namedFrom: true,
            namespaceFrom: true,
          },
        },
      ],
      'no-restricted-syntax': ['error', EXPORT_ALL],
    },
  },
  {
    files: ['src/**'],
    rules: {
      'max-lines': ['error', 200],
      'no-restricted-properties': ['error', ENVIRONMENT, ...STREAMS],
      'no-restricted-imports': ['error', { paths: [PROCESS], patterns: [CIPHER] }],
      'no-restricted-syntax': ['error', EXPORT_ALL, GRANTS_COLLECTION],
    },
  },
  // What some files may do that the rest of src may not.
  {
    files: ['src/config/config.ts'],
    rules: { 'no-restricted-properties': ['error', ...STREAMS] },
  },
  {
    files: ['src/main.ts', 'src/cli/**', 'src/dev/demo/**'],
    rules: { 'no-restricted-properties': ['error', ENVIRONMENT] },
  },
  {
    files: ['src/{grants,app,cli}/**'],
    rules: { 'no-restricted-imports': ['error', { paths: [PROCESS] }] },
  },
  {
    files: ['src/grants/store/**'],
    rules: { 'no-restricted-syntax': ['error', EXPORT_ALL] },
  },
  {
    files: ['test/**'],
    rules: {
      // A test knows what it asked for, and the answer of a GraphQL operation has no type.
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // A double of an asynchronous function has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['scripts/**', '**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      'no-console': 'off',
      // The configuration of a tool is its default export.
      'no-restricted-exports': 'off',
    },
  },
);
