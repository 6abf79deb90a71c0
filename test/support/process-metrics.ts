import { type ServerProcess } from './server-process.js';

/** Whether no living process has work under way that outlives its callers. */
export async function isAtRest(processes: readonly ServerProcess[]): Promise<boolean> {
  const living = processes.filter((each) => each.alive());
  const counts = await Promise.all(living.map(({ url }) => sample(url, 'background_tasks')));
  return counts.every((count) => count === 0);
}

/** The value of a metric at a process; 0 while it has none. */
export async function sample(url: string, metric: string): Promise<number> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  return Number(lines.find((line) => line.startsWith(`${metric} `))?.slice(metric.length) ?? 0);
}
