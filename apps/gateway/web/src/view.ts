import type { AccountState } from '../../src/live/events.ts';
import type { Formats } from './formats.ts';
import type { Link, Model } from './model.ts';
import type { Language, Words } from './words/index.ts';

/** What a panel is drawn from. Panels are called for every event, and write only what differs. */
export interface View {
  readonly model: Model;
  readonly link: Link;
  readonly account: AccountState | undefined;
  /** By the gateway's clock. */
  readonly nowMs: number | undefined;
  /** An instant of the gateway by KIS's clock, by which everything is shown: the mock may be at another hour of the day. */
  toKisMs(gatewayMs: number): number;
  readonly language: Language;
  readonly words: Words;
  readonly formats: Formats;
}

export type Panel = (view: View) => void;
