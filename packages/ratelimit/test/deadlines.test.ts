import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDeadlines } from '../src/deadlines.ts';

test('the earliest deadline is known, whoever joins and leaves in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(50), fc.nat()), { maxLength: 400 }), (steps) => {
      const deadlines = createDeadlines<{ readonly deadlineMs: number; hasLeft: boolean }>();
      let members: { readonly deadlineMs: number; hasLeft: boolean }[] = [];
      for (const [joins, deadlineMs, choice] of steps) {
        const leaving = members[choice % Math.max(1, members.length)];
        if (joins || leaving === undefined) {
          const member = { deadlineMs, hasLeft: false };
          members.push(member);
          deadlines.join(member);
        } else {
          members = members.filter((member) => member !== leaving);
          leaving.hasLeft = true;
          deadlines.leave();
        }
        const earliestMs = Math.min(...members.map((member) => member.deadlineMs));
        expect(deadlines.firstMs).toBe(earliestMs);
        expect(deadlines.first?.deadlineMs ?? Infinity).toBe(earliestMs);
      }
    }),
    { numRuns: 200 },
  );
});
