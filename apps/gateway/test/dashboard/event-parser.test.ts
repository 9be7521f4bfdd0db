import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEventParser } from '../../web/src/live/event-parser.ts';

describe('the dashboard’s reader of events', () => {
  const stream =
    'retry: 2000\n\nevent: hello\ndata: {"a":1}\n\n: a comment\n\nid: 7\nevent: state\ndata: {"b":\ndata: 2}\n\n';
  const events = [
    { type: 'hello', data: '{"a":1}' },
    { type: 'state', data: '{"b":\n2}' },
  ];

  test('gives the same events wherever the network cuts the stream', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 8 }), (cuts) => {
        const parse = createEventParser();
        const ends = [...cuts, stream.length].sort((one, other) => one - other);
        const pieces = ends.map((end, n) => stream.slice(ends[n - 1] ?? 0, end));
        expect(pieces.flatMap(parse)).toEqual(events);
      }),
    );
  });

  test('gives nothing of an event that is not whole yet', () => {
    const parse = createEventParser();
    expect(parse('event: state\ndata: {"b":2}\n')).toEqual([]);
    expect(parse('\n')).toEqual([{ type: 'state', data: '{"b":2}' }]);
  });
});
