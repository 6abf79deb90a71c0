import { BackgroundTasks } from '../../../src/lib/background-tasks.js';

/** A promise, and the functions that settle it. */
function deferred() {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

test('drains at once if nothing runs', async () => {
  expect(await new BackgroundTasks(() => undefined).drain(0)).toBe(true);
});

test('waits for a task and for the task that it starts', async () => {
  const tasks = new BackgroundTasks(() => undefined);
  const [first, second] = [deferred(), deferred()];
  tasks.run(
    first.promise.then(() => {
      tasks.run(second.promise);
      setImmediate(second.resolve);
    }),
  );
  expect(tasks.size).toBe(1);
  setImmediate(first.resolve);
  expect(await tasks.drain(1_000)).toBe(true);
  expect(tasks.size).toBe(0);
});

test('after the timeout it answers false, and the task continues', async () => {
  const tasks = new BackgroundTasks(() => undefined);
  const task = deferred();
  tasks.run(task.promise);
  expect(await tasks.drain(5)).toBe(false);
  expect(tasks.size).toBe(1);
  task.resolve();
  expect(await tasks.drain(1_000)).toBe(true);
});

test('a task that fails is reported once and does not delay the shutdown', async () => {
  const errors: unknown[] = [];
  const tasks = new BackgroundTasks((error) => errors.push(error));
  const failure = new Error('the database is away');
  tasks.run(Promise.reject(failure));
  expect(await tasks.drain(1_000)).toBe(true);
  expect(errors).toEqual([failure]);
});
