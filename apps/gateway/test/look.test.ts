import { describe, expect, test } from 'vitest';
import { createLook } from '../src/health/look.ts';

/** A look whose answers come when they are told to. */
function stage() {
  const answers: ((value: string) => void)[] = [];
  const look = createLook(() => new Promise<string>((resolve) => answers.push(resolve)));
  return { look, answers };
}

describe('a look', () => {
  test('is one for all who ask at once, and for those who ask a moment later', async () => {
    const { look, answers } = stage();
    const [first, second] = [look.take(), look.take()];
    answers[0]?.('as it is');
    expect(await Promise.all([first, second, look.take()])).toEqual(['as it is', 'as it is', 'as it is']);
    expect(answers).toHaveLength(1);
  });

  test('is taken anew after something has changed, be it while one is under way', async () => {
    const { look, answers } = stage();
    const before = look.take();
    look.forget();
    const after = look.take();
    answers[1]?.('new');
    answers[0]?.('old');
    expect(await Promise.all([before, after, look.take()])).toEqual(['old', 'new', 'new']);
  });
});
