const hasColour = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;

/** As Korean boards show it: red for what rises, blue for what falls. */
export function coloured(text: string, sign: number): string {
  return hasColour && sign !== 0 ? `\u001b[${sign > 0 ? 31 : 34}m${text}\u001b[0m` : text;
}

/** Hangul takes two columns of a terminal. */
function widthOf(text: string): number {
  return [...text].reduce(
    (width, char) => width + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60]/.test(char) ? 2 : 1),
    0,
  );
}

export const left = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
export const right = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text;
export const number = (value: number): string => value.toLocaleString('en-US');
export const signed = (value: number): string => (value > 0 ? `+${number(value)}` : number(value));
