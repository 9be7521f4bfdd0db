import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createQueue, type Waiter } from '../src/queue.ts';

const unused = () => {};

test('the earliest deadline is known, whoever joins and leaves in whatever order', () => {
  const step = fc.record({
    joins: fc.boolean(),
    deadlineMs: fc.option(fc.nat(50), { nil: undefined }),
    choice: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const queue = createQueue(unused);
      let members: Waiter[] = [];
      for (const { joins, deadlineMs, choice } of steps) {
        const leaving = members[choice % Math.max(1, members.length)];
        if (joins || leaving === undefined) {
          const lane = ([1, 3, 5] as const)[choice % 3] ?? 5;
          const waiter: Waiter = {
            task: async () => {},
            resolve: unused,
            reject: unused,
            signal: undefined,
            joinedMs: 0,
            hasLeft: false,
            lane,
            deadlineMs,
          };
          members.push(waiter);
          queue.join(waiter);
        } else {
          members = members.filter((member) => member !== leaving);
          if (choice % 2 === 0) queue.serve(leaving);
          else queue.turnAway(leaving, 'gone');
        }
        expect(queue.deadlineMs).toBe(Math.min(...members.map((member) => member.deadlineMs ?? Infinity)));
        expect(queue.size).toBe(members.length);
      }
    }),
    { numRuns: 300 },
  );
});
