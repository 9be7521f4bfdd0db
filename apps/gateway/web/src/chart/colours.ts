const NAMES = ['muted', 'line', 'card', 'up', 'down', 'accent', 'up-soft', 'down-soft'] as const;

export type Colours = Readonly<Record<(typeof NAMES)[number], string>>;

/** The colours of the style sheet as the theme of the moment has them, for the canvas. */
export function readColours(): Colours {
  const probe = document.createElement('i');
  document.body.append(probe);
  const entries = NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(entries) as Colours;
}
