/**
 * Called for a part of an answer that is not as documented and was read all the same. `answer` names the kind of answer,
 * such as `GET meeting` or `token`; `field` is a name such as `meetings.*.duration`, never a value.
 */
export type OnOddity = (oddity: { answer: string; field: string }) => void;
