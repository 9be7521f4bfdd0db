import type { Part } from '../table.ts';
import { simulateAdaptive } from './adaptive.ts';
import { simulateJitter } from './jitter.ts';

export const simulation: Part = {
  name: 'simulation',
  run: async () => [await simulateJitter(), await simulateAdaptive()],
};
