// Whether a path of the context, with `/`, is left out. Knows names at the root, and with `**/` before them anywhere.
export function parseDockerIgnore(content: string): (path: string) => boolean {
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  const rules = lines.map((line) => {
    const [, anywhere, name] = /^(\*\*\/)?([\w.-]+)$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`What does ${line} mean in .dockerignore? This does not know.`);
    return { isAnywhere: anywhere !== undefined, name };
  });
  return (path) => {
    const parts = path.split('/').filter((part) => part !== '');
    return rules.some(({ isAnywhere, name }) => (isAnywhere ? parts.includes(name) : parts[0] === name));
  };
}
