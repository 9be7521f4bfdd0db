/** When how many calls come, and what happens to the process meanwhile. */
export interface Pattern {
  readonly title: string;
  readonly note: string;
  /** When the last call would start at best. */
  readonly idealMs: number;
  readonly bursts: readonly { readonly atMs: number; readonly count: number }[];
  /** The event loop stands still. */
  readonly block?: { readonly atMs: number; readonly ms: number };
  /** The wall clock is put forward or back. */
  readonly jump?: { readonly atMs: number; readonly ms: number };
}

const hourMs = 3_600_000;
const twoBursts = [
  { atMs: 0, count: 20 },
  { atMs: 20, count: 20 },
];

export type PatternName = 'burst' | 'edge' | 'block' | 'hour-back' | 'hour-ahead';

export const patterns: Readonly<Record<PatternName, Pattern>> = {
  burst: {
    title: 'a burst',
    note: '200 calls at once.',
    idealMs: 9_000,
    bursts: [{ atMs: 0, count: 200 }],
  },
  edge: {
    title: "the window's edge",
    note: '1 call at 0, 19 at 0.9 s, 40 at 1.0 s, 40 at 3.5 s.',
    idealMs: 4_900,
    bursts: [
      { atMs: 0, count: 1 },
      { atMs: 900, count: 19 },
      { atMs: 1_000, count: 40 },
      { atMs: 3_500, count: 40 },
    ],
  },
  block: {
    title: 'a blocked event loop',
    note: '80 calls at once; at 0.95 s the event loop is blocked for 900 ms.',
    idealMs: 3_000,
    bursts: [{ atMs: 0, count: 80 }],
    block: { atMs: 950, ms: 900 },
  },
  'hour-back': {
    title: 'the wall clock is put back an hour',
    note: 'Right after a burst of 20; 20 more come.',
    idealMs: 1_000,
    bursts: twoBursts,
    jump: { atMs: 10, ms: -hourMs },
  },
  'hour-ahead': {
    title: 'the wall clock is put forward an hour',
    note: 'Right after a burst of 20; 20 more come.',
    idealMs: 1_000,
    bursts: twoBursts,
    jump: { atMs: 10, ms: hourMs },
  },
};
