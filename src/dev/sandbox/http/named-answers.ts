import { API_ACCESS } from './named-answers/api-access.js';
import { API_FORMS } from './named-answers/api-forms.js';
import { API_REFUSALS } from './named-answers/api-refusals.js';
import { type NamedAnswer, type NamedAnswers } from './named-answers/named-answer.js';
import { ODD_SUCCESSES } from './named-answers/odd-successes.js';
import { TOKEN_ANSWERS } from './named-answers/token-answers.js';

/** Every answer that can be played by name. */
export const NAMED_ANSWERS: NamedAnswers = {
  ...API_REFUSALS,
  ...API_ACCESS,
  ...API_FORMS,
  ...TOKEN_ANSWERS,
  ...ODD_SUCCESSES,
};

/** Finds an answer by its name. Throws if there is none. */
export function namedAnswer(name = ''): NamedAnswer {
  const answer = Object.hasOwn(NAMED_ANSWERS, name) ? NAMED_ANSWERS[name] : undefined;
  if (!answer) throw new Error(`The sandbox has no answer with the name ${JSON.stringify(name)}.`);
  return answer;
}

/** A named answer without its body, for a list. */
export interface NamedAnswerView {
  name: string;
  /** What happened at Zoom, in one line. */
  about: string;
  /** Where it is documented or reported. */
  source: string;
  /** The endpoint that answers so, unless a test or an operator chooses another. */
  target: NamedAnswer['target'];
  /** Null: the status of the real answer. */
  status: number | null;
}

/** All named answers, in the order of the tables. */
export function listNamedAnswers(): NamedAnswerView[] {
  return Object.entries(NAMED_ANSWERS).map(([name, { about, source, target, status = null }]) => ({
    name,
    about,
    source,
    target,
    status,
  }));
}
