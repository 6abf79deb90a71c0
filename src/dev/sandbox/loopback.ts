/** Throws unless a host is this machine itself: the sandbox hands out tokens to anybody who asks. */
export function assertLoopback(host: string): void {
  const isLoopback = host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
  if (!isLoopback) throw new Error(`The sandbox listens on loopback addresses only, not on ${host}.`);
}
