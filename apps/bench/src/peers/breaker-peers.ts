import type { BreakerPeer } from './breaker-peer.ts';
import { cockatiel } from './cockatiel.ts';
import { opossum } from './opossum.ts';
import { ourBreaker } from './our-breaker.ts';

export type BreakerPeerName = 'ours' | 'cockatiel' | 'opossum';

export const breakerPeers: Readonly<Record<BreakerPeerName, BreakerPeer>> = {
  ours: ourBreaker,
  cockatiel,
  opossum,
};
