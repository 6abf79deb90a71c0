/** The current time in UTC. Injected wherever time decides something, so that a test can move it. */
export type Clock = () => Date;

/** The clock of this machine. */
export const systemClock: Clock = () => new Date();
