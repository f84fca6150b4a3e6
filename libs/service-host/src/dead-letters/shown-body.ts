import { shownBody } from '@dsem/api';
import { parseJson, defaultJsonLimits } from '../json-limits.js';
import { redact, secretFields } from '../logging.js';

/** How much of a body is looked at: more than is shown, so that a secret at the cut is still seen whole. */
const looked = shownBody + 4096;

const fields = new Set(secretFields);

const censored = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(censored);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, fields.has(name) ? '***' : censored(each)]),
  );
};

const fieldInText = new RegExp(
  `("(?:${secretFields.join('|')})"\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*"?|[^\\s,}\\]]+)`,
  'g',
);

/** Secret fields by name: where the text is JSON within its limits at any depth, elsewhere where it looks like it. */
const censorFields = (text: string): string => {
  try {
    return JSON.stringify(censored(parseJson(text, defaultJsonLimits)));
  } catch {
    return text.replace(fieldInText, '$1"***"');
  }
};

/** A message's body as a person may see it: secrets taken out as from log lines, and not without end. */
export const shownBodyOf = (body: string): string =>
  redact(censorFields(body.slice(0, looked)))
    .slice(0, shownBody)
    .toWellFormed();
