import { describe, expect, test } from 'vitest';
import { exchange } from '../../src/shared/budget.ts';
import type { BudgetRules } from '../../src/shared/budget-rules.ts';
import type { BudgetState } from '../../src/shared/budget-state.ts';
import type { BudgetAnswer, BudgetRequest, EndedGrant } from '../../src/shared/ports.ts';

/** A budget of two slots, at a moment that is set, and peers that know what they were told. */
function createStage(options: Partial<BudgetRules> = {}) {
  const rules = { limit: 2, windowMs: 1_000, adaptive: false, ...options };
  const numbers = new Map<string, number>();
  const stage = {
    nowMs: 1_000_000,
    startedMs: -Infinity,
    state: undefined as BudgetState | undefined,
    send(request: BudgetRequest): BudgetAnswer {
      const { state, answer } = exchange(rules, stage.state, request, stage.nowMs, stage.startedMs);
      stage.state = JSON.parse(JSON.stringify(state));
      return answer;
    },
    ask(peer: string, question: Partial<BudgetRequest> = {}): BudgetAnswer {
      const number = (numbers.get(peer) ?? 0) + 1;
      numbers.set(peer, number);
      return stage.send({
        peer,
        number,
        wanted: 0,
        ended: [],
        running: [],
        pauseMs: 0,
        creditMs: 0,
        generation: undefined,
        returnMs: 1_500,
        ...question,
      });
    },
  };
  return stage;
}

function ended(grant: string | undefined, outcome: EndedGrant['outcome'], agoMs = 0): EndedGrant {
  return { grant: grant ?? '', askedAgoMs: agoMs + 50, endedAgoMs: agoMs, outcome };
}

describe('slots', () => {
  test('are given when they are free, never ahead; who gets none is told when the next one may be', () => {
    const stage = createStage();
    const { grants } = stage.ask('a', { wanted: 3 });
    expect(grants).toEqual(['a.1.0', 'a.1.1']);
    // Both run, and may end at once.
    expect(stage.ask('b', { wanted: 1 })).toMatchObject({ grants: [], waitMs: 1_000, slotsInUse: 2, peers: 2 });
    stage.nowMs += 40;
    stage.ask('a', { wanted: 1, ended: [ended(grants[0], 'answered', 10), ended(grants[1], 'answered', 5)] });
    stage.nowMs += 980;
    expect(stage.ask('b', { wanted: 1 })).toMatchObject({ grants: [], waitMs: 10 });
    stage.nowMs += 10;
    expect(stage.ask('b', { wanted: 1 })).toMatchObject({ grants: ['b.3.0'], waitMs: Infinity });
  });

  test('of a task that ended without an answer give no credit, those of an answered one do', () => {
    for (const [outcome, granted] of [
      ['answered', 1],
      ['unanswered', 0],
    ] as const) {
      const stage = createStage({ limit: 1 });
      const { grants } = stage.ask('a', { wanted: 1, creditMs: 30 });
      stage.ask('a', { creditMs: 30, ended: [ended(grants[0], outcome)] });
      stage.nowMs += 970;
      expect(stage.ask('a', { wanted: 1, creditMs: 30 }).grants).toHaveLength(granted);
    }
  });

  test('are seen free later by whoever has less credit: of two peers the smaller one counts', () => {
    const stage = createStage({ limit: 1 });
    const { grants } = stage.ask('a', { wanted: 1, creditMs: 30 });
    stage.ask('a', { creditMs: 30, ended: [ended(grants[0], 'answered')] });
    expect(stage.ask('b', { wanted: 1, creditMs: 10 }).waitMs).toBe(990);
    stage.nowMs += 980;
    expect(stage.ask('b', { wanted: 1, creditMs: 10 }).grants).toEqual([]);
    expect(stage.ask('a', { wanted: 1, creditMs: 30 }).grants).toHaveLength(1);
  });

  test('that were not used are free at once', () => {
    const stage = createStage({ limit: 1 });
    const { grants } = stage.ask('a', { wanted: 1 });
    stage.ask('a', { ended: [ended(grants[0], 'unused')] });
    expect(stage.ask('b', { wanted: 1 }).grants).toHaveLength(1);
  });

  test('of a peer that is not heard of come back after three windows, and are kept as long as it says that they run', () => {
    const stage = createStage({ limit: 1 });
    const { grants } = stage.ask('a', { wanted: 1 });
    stage.nowMs += 2_900;
    stage.ask('a', { running: grants });
    // Others come, so the budget can be reached.
    for (const ms of [900, 1_000, 1_000]) {
      stage.nowMs += ms;
      expect(stage.ask('b', { wanted: 1 }).grants).toEqual([]);
    }
    stage.nowMs += 100;
    expect(stage.ask('b', { wanted: 1 }).grants).toHaveLength(1);
  });

  test('of which the state knows nothing are taken in when they are said to run, or to have ended of late', () => {
    const stage = createStage();
    stage.ask('a', { running: ['a.own.1'], ended: [ended('a.own.2', 'answered', 100)] });
    expect(stage.ask('b', { wanted: 1 })).toMatchObject({ grants: [], slotsInUse: 2, waitMs: 900 });
    stage.ask('a', { ended: [ended('a.own.3', 'answered', 1_000)] });
    expect(stage.ask('b')).toMatchObject({ slotsInUse: 2 });
  });
});

describe('a request', () => {
  test('that comes again is carried out once, and answered as before', () => {
    const stage = createStage();
    const { grants } = stage.ask('a', { wanted: 1 });
    const request = {
      peer: 'a',
      number: 2,
      wanted: 1,
      ended: [ended(grants[0], 'refused')],
      running: [],
      pauseMs: 0,
      creditMs: 0,
      generation: undefined,
      returnMs: 1_500,
    };
    const once = stage.send(request);
    stage.nowMs += 100;
    expect(stage.send(request)).toEqual({ ...once, waitMs: 900, pauseMs: 900 });
    expect(once.bursts).toBe(1);
  });

  test('that was overtaken by a later one changes nothing', () => {
    const stage = createStage();
    stage.ask('a');
    stage.ask('a', { wanted: 1 });
    const { state } = stage;
    const late = { peer: 'a', number: 1, wanted: 1, ended: [], running: [], pauseMs: 5, creditMs: 0 };
    expect(stage.send({ ...late, generation: undefined, returnMs: 0 }).grants).toEqual([]);
    expect(stage.state).toEqual(state);
  });
});

describe('turns', () => {
  test('go round: each is told another slot, and takes its own alone', () => {
    const stage = createStage({ limit: 3 });
    const { grants } = stage.ask('a', { wanted: 9 });
    for (const peer of ['b', 'c']) expect(stage.ask(peer, { wanted: 9 }).grants).toEqual([]);
    const all = grants.map((grant, index) => ended(grant, 'answered', 90 - 10 * index));
    expect(stage.ask('a', { wanted: 9, ended: all }).waitMs).toBe(910);
    expect(stage.ask('b', { wanted: 9 }).waitMs).toBe(920);
    expect(stage.ask('c', { wanted: 9 }).waitMs).toBe(930);
    // All are free by now, and nobody gets what another was told to come for.
    stage.nowMs += 935;
    for (const peer of ['c', 'b', 'a']) expect(stage.ask(peer, { wanted: 9 }).grants).toHaveLength(1);
  });

  test('of a peer that does not come are given to others when they are overdue', () => {
    const stage = createStage();
    const { grants } = stage.ask('a', { wanted: 2 });
    stage.ask('b', { wanted: 9 });
    stage.ask('a', { wanted: 9, ended: grants.map((grant) => ended(grant, 'answered')) });
    stage.nowMs += 1_010;
    expect(stage.ask('a', { wanted: 9 })).toMatchObject({ grants: [expect.any(String)], waitMs: 100 });
    stage.nowMs += 100;
    expect(stage.ask('a', { wanted: 9 }).grants).toHaveLength(1);
  });

  test('that a peer did not want are not made up for', () => {
    const stage = createStage({ limit: 4 });
    stage.ask('b');
    for (let n = 0; n < 5; n += 1) {
      const { grants } = stage.ask('a', { wanted: 4 });
      stage.ask('a', { ended: grants.map((grant) => ended(grant, 'answered')) });
      stage.nowMs += 1_000;
    }
    stage.ask('a', { wanted: 9, pauseMs: 100 });
    stage.ask('b', { wanted: 9 });
    stage.nowMs += 100;
    expect(stage.ask('b', { wanted: 9 }).grants).toHaveLength(2);
    expect(stage.ask('a', { wanted: 9 }).grants).toHaveLength(2);
  });
});

describe('nobody may start', () => {
  test('for a moment after the backend was started, whatever it knows: others come back by then', () => {
    for (const isEmpty of [true, false]) {
      const stage = createStage();
      if (!isEmpty) stage.ask('a');
      stage.nowMs += 5_000;
      stage.startedMs = stage.nowMs - 500;
      expect(stage.ask('b', { wanted: 1 })).toMatchObject({ grants: [], waitMs: 1_000 });
      stage.nowMs += 1_000;
      expect(stage.ask('b', { wanted: 1 }).grants).toHaveLength(1);
    }
  });

  test('until the others are back when somebody who waited was not heard of for longer, nor anybody else: they may go by their shares', () => {
    const stage = createStage({ limit: 1 });
    const { grants } = stage.ask('a', { wanted: 1 });
    stage.ask('a', { ended: [ended(grants[0], 'answered')] });
    stage.ask('b', { wanted: 1 });
    stage.nowMs += 1_101;
    expect(stage.ask('c', { wanted: 1 })).toMatchObject({ grants: [], pauseMs: 1_500 });
    // Once: whoever did not come by then was killed.
    stage.nowMs += 1_500;
    expect(stage.ask('c', { wanted: 1 }).grants).toHaveLength(1);
  });

  test('and so when a task of somebody ran, of which each third of a lease tells', () => {
    for (const [silentMs, pauseMs] of [
      [2_000, 0],
      [2_001, 1_500],
    ]) {
      const stage = createStage();
      stage.ask('a', { wanted: 1 });
      stage.nowMs += silentMs ?? 0;
      expect(stage.ask('b', { wanted: 1 }).pauseMs).toBe(pauseMs);
    }
  });

  test('but not because of what the asking one itself had under way, nor of anybody who had nothing', () => {
    const stage = createStage();
    stage.ask('b');
    stage.ask('a', { wanted: 2 });
    stage.nowMs += 2_900;
    expect(stage.ask('a')).toMatchObject({ pauseMs: 0 });
    stage.nowMs += 5_000;
    expect(stage.ask('b', { wanted: 1 }).grants).toHaveLength(1);
  });
});

describe('what is forgotten', () => {
  test('is waited for: who knew another state makes all pause until a window after the new one was made', () => {
    const stage = createStage();
    const { generation } = stage.ask('a', { wanted: 1 });
    stage.state = undefined;
    expect(stage.ask('b', { wanted: 1 }).grants).toHaveLength(1);
    stage.nowMs += 300;
    expect(stage.ask('a', { wanted: 1, generation })).toMatchObject({ grants: [], waitMs: 700, pauseMs: 700 });
    stage.nowMs += 700;
    expect(stage.ask('a', { wanted: 1, generation }).grants).toHaveLength(1);
  });

  test('by an older copy of the same state is waited for, too', () => {
    const stage = createStage();
    const { generation } = stage.ask('a');
    const { state } = stage;
    stage.ask('a', { wanted: 2, generation });
    stage.state = state;
    expect(stage.ask('a', { wanted: 1, generation })).toMatchObject({ grants: [], pauseMs: 1_000 });
  });

  test('with a clock that goes back is another state', () => {
    const stage = createStage();
    const { generation } = stage.ask('a', { wanted: 2 });
    stage.nowMs -= 5_000;
    const answer = stage.ask('b', { wanted: 1 });
    expect(answer.generation).not.toBe(generation);
    expect(stage.ask('a', { wanted: 1, generation })).toMatchObject({ grants: [], pauseMs: 1_000 });
  });

  test('are peers that were not heard of for ten seconds: the state does not grow', () => {
    const stage = createStage({ limit: 5 });
    for (let n = 0; n < 1_000; n += 1) {
      stage.nowMs += 100;
      stage.ask(`peer-${n}`, { wanted: 3 });
    }
    expect(stage.state?.peers.length).toBeLessThanOrEqual(101);
    expect(stage.state?.slots.length).toBeLessThanOrEqual(5);
    expect(stage.ask('a').peers).toBeLessThanOrEqual(101);
  });
});

describe('a burst of refusals', () => {
  test('counts once, whoever reports its parts, and then one task goes first', () => {
    const stage = createStage({ limit: 4 });
    const a = stage.ask('a', { wanted: 2 });
    const b = stage.ask('b', { wanted: 2 });
    stage.nowMs += 50;
    expect(stage.ask('a', { ended: a.grants.map((grant) => ended(grant, 'refused')) })).toMatchObject({
      bursts: 1,
      pauseMs: 1_000,
    });
    stage.nowMs += 60;
    const late = b.grants.map((grant) => ({ ...ended(grant, 'refused'), askedAgoMs: 110 }));
    expect(stage.ask('b', { wanted: 2, ended: late })).toMatchObject({ bursts: 1, waitMs: 940 });
    stage.nowMs += 1_100;
    const { grants } = stage.ask('b', { wanted: 2 });
    expect(grants).toHaveLength(1);
    expect(stage.ask('a', { wanted: 2 })).toMatchObject({ grants: [], waitMs: 125 });
    stage.ask('b', { ended: grants.map((grant) => ended(grant, 'answered')) });
    expect(stage.ask('a', { wanted: 2 }).grants).toHaveLength(2);
  });

  test('is over a window later, though the first task was not answered; one that was not used lets another go first', () => {
    const stage = createStage({ limit: 4 });
    const { grants } = stage.ask('a', { wanted: 1 });
    stage.ask('a', { ended: [ended(grants[0], 'refused')] });
    stage.nowMs += 1_000;
    const scout = stage.ask('a', { wanted: 1 }).grants;
    stage.ask('a', { ended: [ended(scout[0], 'unused')] });
    expect(stage.ask('b', { wanted: 3 }).grants).toHaveLength(1);
    stage.nowMs += 1_000;
    expect(stage.ask('a', { wanted: 3 }).grants).toHaveLength(3);
  });
});
