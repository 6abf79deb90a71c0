import { subscribe } from 'node:diagnostics_channel';
import { Agent, request } from 'undici';

/** What a crowd does: every caller opens a connection of their own and sends one operation, all at once. */
export interface CrowdOrder {
  /** The servers, in turns. */
  urls: string[];
  callers: number;
  authorization: string;
  query: string;
  /** The only good answer, as JSON. */
  expected: string;
}

/** What became of the calls. */
export interface CrowdReport {
  /** When each answer was there, ms since the epoch. */
  answeredAt: number[];
  /** Every other answer than the good one, and how often it came. */
  failures: Record<string, number>;
}

const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

async function call({ urls, authorization, query }: CrowdOrder, index: number): Promise<string> {
  const { statusCode, body } = await request(`${urls[index % urls.length]}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query }),
    dispatcher,
  });
  const text = (await body.text()).trim();
  return statusCode === 200 ? text : `HTTP ${statusCode} ${text}`;
}

async function run(order: CrowdOrder): Promise<CrowdReport> {
  const report: CrowdReport = { answeredAt: [], failures: {} };
  const calls = Array.from({ length: order.callers }, async (_, index) => {
    const answer = await call(order, index).catch(String);
    report.answeredAt.push(Date.now());
    if (answer !== order.expected) report.failures[answer] = (report.failures[answer] ?? 0) + 1;
  });
  await Promise.all(calls);
  return report;
}

process.once('message', (order: CrowdOrder) => {
  let sent = 0;
  subscribe('undici:request:bodySent', () => {
    if (++sent === order.callers) process.send?.('sent');
  });
  void run(order).then((report) => process.send?.(report, () => process.exit()));
});
