import { engineNames } from '@dsem/schema';
import { dialectFor, dialects, NoDialect } from './dialects.js';

describe('the list of dialects', () => {
  it('gives each listed engine the dialect of its own name', () => {
    for (const engine of Object.keys(dialects) as (keyof typeof dialects)[])
      expect(dialectFor(engine).engine).toBe(engine);
  });

  it.each(engineNames.filter((engine) => !(engine in dialects)))('refuses %s by name', (engine) => {
    expect(() => dialectFor(engine)).toThrow(NoDialect);
    expect(() => dialectFor(engine)).toThrow(engine);
  });
});
