import { z } from 'zod';

/** Options of the URI that would break a promise of this server, each with the values that keep it. */
const RULES: Readonly<Record<string, { allowed: readonly string[]; why: string }>> = {
  readpreference: { allowed: ['primary'], why: 'a secondary may be behind, and would report a wrong status' },
  w: { allowed: ['majority'], why: 'a write that a new primary does not have would lose a connection' },
  journal: { allowed: ['true'], why: 'a write that is not in the journal is lost in a crash' },
  j: { allowed: ['true'], why: 'a write that is not in the journal is lost in a crash' },
  wtimeoutms: { allowed: ['0'], why: 'a write would be reported as failed although it may have been made' },
  wtimeout: { allowed: ['0'], why: 'a write would be reported as failed although it may have been made' },
};

/** What is wrong with the options of a MongoDB URI; the names of options are compared without regard to case. */
function problemsOf(uri: string): string[] {
  const [, query = ''] = uri.split('?', 2);
  return [...new URLSearchParams(query)].flatMap(([name, value]) => {
    const rule = RULES[name.toLowerCase()];
    if (!rule || rule.allowed.includes(value.toLowerCase())) return [];
    return [`${name} must be left out or be ${rule.allowed.join()}: ${rule.why}`];
  });
}

/** The database's URI. It may hold a password: no message quotes it. */
export const mongodbUri = z
  .string()
  .trim()
  .regex(/^mongodb(\+srv)?:\/\/[^\s/?]/, 'must begin with mongodb:// or mongodb+srv:// and name a host')
  .superRefine((uri, context) => {
    for (const problem of problemsOf(uri)) context.addIssue(problem);
  });
