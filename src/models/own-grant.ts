import { READABLE_VERSION } from './schema-version.js';

/** The collection of the grants. A former project has a model of the same name, so its rows may be there too. */
export const GRANTS_COLLECTION = 'useroauthtokens';

/**
 * Matches the grants that this release reads. A grant of ours counts its generations from 1, and no row of the former
 * project has that field. Rows of the former project, and rows of a newer release, are neither read nor changed.
 */
export const OWN_GRANT = { grantGeneration: { $gt: 0 }, ...READABLE_VERSION };
