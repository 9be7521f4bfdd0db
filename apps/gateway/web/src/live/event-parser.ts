/** One server-sent event. */
export interface ServerEvent {
  readonly type: string;
  readonly data: string;
}

/** Takes the text of a stream piece by piece, and gives the events that are complete. */
export function createEventParser(): (text: string) => ServerEvent[] {
  let rest = '';
  return (text) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.map(parseBlock).filter((event) => event.data !== '');
  };
}

function parseBlock(block: string): ServerEvent {
  let type = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [field, value = ''] = splitOnce(line);
    if (field === 'event') type = value;
    if (field === 'data') data.push(value);
  }
  return { type, data: data.join('\n') };
}

function splitOnce(line: string): [string, string?] {
  const colon = line.indexOf(':');
  if (colon === -1) return [line];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}
