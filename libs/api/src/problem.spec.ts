import { DefinitionSyntaxError, InconsistentDefinition } from '@dsem/schema';
import { problemOfCoded, problemSchema } from './problem.js';

const location = { file: 'a.sql', line: 1, column: 8 };

describe('the problem document of a definition', () => {
  it('lists every error where there are several, the first one also as its own', () => {
    const second = new InconsistentDefinition('The table public.t is defined twice.', { object: 'public.t' });
    const problem = problemOfCoded(new DefinitionSyntaxError('syntax error', { location }).with([second]));
    expect(problemSchema.parse(problem)).toMatchObject({
      code: 'DSEM-2001',
      detail: 'syntax error',
      location,
      errors: [
        { path: 'a.sql:1:8', message: 'syntax error', code: 'DSEM-2001', location },
        { path: 'public.t', message: second.message, code: 'DSEM-2004', object: 'public.t' },
      ],
    });
  });

  it('has no list where there is one', () => {
    expect(problemOfCoded(new DefinitionSyntaxError('syntax error', { location }))).not.toHaveProperty('errors');
  });
});
