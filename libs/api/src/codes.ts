/** What a code means: the HTTP status it is answered with, its title, and what the reader can do. */
export interface CodeEntry {
  readonly status: number;
  readonly title: string;
  readonly fix: string;
}

const entry = (status: number, title: string, fix: string): CodeEntry => ({ status, title, fix });

/**
 * Every stable code of the product, once. 1xxx the request, 2xxx definitions and plans, 3xxx databases,
 * 4xxx conflicts and states, 50xx the audit ledger, 51xx who may do what, 9xxx our own faults. A code is never reused for another meaning.
 */
export const codes = {
  'DSEM-1001': entry(400, 'The body is not valid JSON', 'Correct the text at the place named, then try again.'),
  'DSEM-1002': entry(
    422,
    'The body has the wrong shape',
    'Correct the fields listed under `errors`, or what `detail` names.',
  ),
  'DSEM-1003': entry(400, 'A parameter has the wrong shape', 'Correct the parameters listed under `errors`.'),
  'DSEM-1004': entry(413, 'The body is too large', 'Send less; `detail` names the limit.'),
  'DSEM-1005': entry(
    400,
    'The body is nested too deeply or has too many keys',
    'Flatten it; `detail` names the limit.',
  ),
  'DSEM-1006': entry(400, 'The body holds a forbidden or repeated key', 'Remove the key named in `detail`.'),
  'DSEM-1007': entry(415, 'The content type is not supported', 'Send `content-type: application/json`.'),
  'DSEM-1008': entry(400, 'The text holds a NUL character', 'Remove the character; no database stores it.'),
  'DSEM-1009': entry(404, 'There is no such address', 'Compare method and path with /api/v1/openapi.json.'),
  'DSEM-1010': entry(428, 'If-Match is missing', 'Read the resource, then send its ETag in `If-Match`.'),
  'DSEM-1011': entry(422, 'The idempotency key belongs to another request', 'Use a new key for a new request.'),
  'DSEM-1012': entry(400, 'The idempotency key is not valid', 'Send 1 to 255 visible ASCII characters.'),
  'DSEM-1013': entry(400, 'The cursor is not valid', 'Start again without `cursor`.'),
  'DSEM-1014': entry(429, 'Too many requests', 'Wait as long as `retry-after` says.'),
  'DSEM-1015': entry(400, 'The request cannot be understood', 'Correct the request as `detail` says.'),
  'DSEM-1017': entry(422, 'The configuration is not valid', 'Set the variables named to what they want.'),
  'DSEM-1016': entry(405, 'The method is not allowed here', 'Use one of the methods that the `allow` header lists.'),

  'DSEM-2001': entry(422, 'The definition is not valid', 'Correct the text at the place named, then try again.'),
  'DSEM-2002': entry(
    422,
    'The definition holds something that is not supported',
    'Take the object out of the definition, or write it in a supported form.',
  ),
  'DSEM-2003': entry(
    422,
    'The definition has the wrong shape',
    'Compare it with the JSON Schema printed by `dsem help json-schemas`.',
  ),
  'DSEM-2004': entry(
    422,
    'The definition contradicts itself',
    'Define the missing object, or remove the duplicate or the reference.',
  ),
  'DSEM-2005': entry(422, 'The two states belong to different engines', 'Give both states for the same engine.'),
  'DSEM-2006': entry(422, 'The engine is not known', 'Use one of the engines that `detail` lists.'),
  'DSEM-2007': entry(
    422,
    'The declared version is too small',
    'Declare at least the version that `detail` names, or leave it out.',
  ),
  'DSEM-2008': entry(
    422,
    'Not a semantic version',
    'Declare a number such as 1.4.0, or leave it out and let it be computed.',
  ),
  'DSEM-2009': entry(
    422,
    'The waves do not cover the environments of the migration',
    'Name each environment of the migration exactly once over all waves, or leave the waves out.',
  ),
  'DSEM-2010': entry(
    422,
    'A resolution decides nothing',
    'Merge without it, and resolve the conflicts that are listed then by their noun, object and aspect.',
  ),
  'DSEM-2104': entry(
    422,
    'The engine cannot make this change',
    'Split the change over several versions, or reach the target in another way.',
  ),

  'DSEM-3001': entry(
    502,
    'The database could not be reached',
    'Check network, address, credentials and TLS settings, then try again.',
  ),
  'DSEM-3002': entry(
    409,
    'A statement failed',
    'Read the cause; a lock timeout is retried, a data error needs the rows mended first.',
  ),

  'DSEM-3003': entry(409, 'A newer agent has taken over this database', 'Let the newer agent finish; stop this one.'),

  'DSEM-4001': entry(404, 'There is no such resource', 'Check the identifier; list the resources to find it.'),
  'DSEM-4002': entry(409, 'It exists already', 'Use another name, or change the existing one.'),
  'DSEM-4003': entry(
    409,
    'The state does not allow this',
    'Read the current state; `detail` says what is allowed next.',
  ),
  'DSEM-4004': entry(412, 'The resource has changed', 'Read it again, then repeat the change with the new ETag.'),
  'DSEM-4005': entry(
    409,
    'The same request is still being handled',
    'Wait a moment, then repeat it with the same key.',
  ),
  'DSEM-4006': entry(
    409,
    'The version is incompatible',
    'Follow the safe path of each finding, or have the consumers named retired or changed first.',
  ),
  'DSEM-4007': entry(409, 'An approval is missing or void', 'Have the current plan approved, then try again.'),
  'DSEM-4008': entry(409, 'Something still needs it', 'Roll back, end or retire what `detail` names first.'),
  'DSEM-4009': entry(409, 'Somebody else changed it at the same time', 'Read the current state, then try again.'),
  'DSEM-4010': entry(
    422,
    'The event type is not known',
    'Upgrade the reader before the writer; then replay the event.',
  ),
  'DSEM-4013': entry(410, 'It is gone', 'It was removed on purpose; ask the audit trail by whom and why.'),
  'DSEM-4011': entry(409, 'The breaker is open', 'Wait until the environment is healthy, then close the breaker.'),
  'DSEM-4012': entry(
    409,
    'Data would be lost',
    'Keep the objects named, or have an administrator set `allowDestructive` in the policy of the environment.',
  ),

  'DSEM-4014': entry(
    409,
    'The answer was given once and is not kept',
    'The first request succeeded; its answer held a secret. Undo what it made, and use a new key.',
  ),
  'DSEM-4015': entry(
    409,
    'The version is registered without this rename',
    'Register the definition from before it once more, then this one with the rename: plans to the new version follow it.',
  ),

  'DSEM-4016': entry(
    409,
    'The rollback would lose data',
    'Save what `detail` names, then roll back with `acceptDataLoss: true` (`dsem rollback --accept-data-loss`); or leave it as it is.',
  ),
  'DSEM-4017': entry(
    409,
    'Another schema holds the database',
    'Use an environment with a database of its own, or take the other schema back to empty first.',
  ),
  'DSEM-4018': entry(
    409,
    'A newer migration stands above it',
    'Roll back what `detail` names first, in that order, then this one; or name only `environments` where nothing stands above it.',
  ),
  'DSEM-4020': entry(
    409,
    'The merge has conflicts',
    'Decide each of them, with a resolution or by a change of one side, then merge again.',
  ),

  'DSEM-5001': entry(
    422,
    'The event cannot be recorded in the audit ledger',
    'Send the event again with text in valid Unicode and finite numbers.',
  ),
  'DSEM-5002': entry(
    422,
    'The checkpoint is not validly signed',
    'Take the checkpoint from the audit service again, and check the public key it is verified with.',
  ),
  'DSEM-5003': entry(
    422,
    'The audit key is not usable',
    'Give an Ed25519 key: PEM, or for public keys the form name+id+key that the audit service prints.',
  ),
  'DSEM-5004': entry(
    409,
    'The audit ledger has a gap',
    'Verify the ledger as it is stored; restore the missing entries from a backup or an export.',
  ),

  'DSEM-5101': entry(401, 'Nobody is logged in', 'Send `authorization: Bearer <API key>`.'),
  'DSEM-5102': entry(401, 'The API key is not valid', 'Check the key; ask an administrator for a new one.'),
  'DSEM-5103': entry(
    401,
    'The API key has expired',
    'Its holder can rotate a key before it expires; afterwards an administrator issues a new one.',
  ),
  'DSEM-5104': entry(401, 'The API key was revoked', 'Ask an administrator for a new key.'),
  'DSEM-5105': entry(
    403,
    'This is not allowed',
    'Have it done by somebody who may, or ask an administrator for a role or key that allows it; docs/roles.md lists who may do what.',
  ),
  'DSEM-5106': entry(403, 'The same person may not do both', 'Have another person approve or execute it.'),
  'DSEM-5107': entry(401, 'The service token is not valid', 'Check the clocks and the shared key of the services.'),

  'DSEM-9001': entry(500, 'Something went wrong on our side', 'Report the incident id; the logs hold the cause.'),
  'DSEM-9002': entry(503, 'The service is not ready', 'Wait a moment, then try again.'),
  'DSEM-9003': entry(502, 'The service behind did not answer', 'Wait a moment, then try again.'),
  'DSEM-9004': entry(504, 'The service behind took too long', 'Wait a moment, then try again.'),
  'DSEM-9006': entry(
    503,
    'The database of the service is away',
    'Wait as long as `retry-after` says, then send the same request again; with the same idempotency key it is done once.',
  ),
  'DSEM-9007': entry(
    503,
    'The message bus could not be reached',
    'Start the brokers, or correct KAFKA_BROKERS and KAFKA_SSL, then start again.',
  ),
  'DSEM-9005': entry(501, 'This is not available yet', 'Compare with the capabilities this server publishes.'),
} as const satisfies { readonly [code: `DSEM-${number}`]: CodeEntry };

export type Code = keyof typeof codes;

/** Whether a text is one of our codes. */
export const isCode = (code: string): code is Code => Object.hasOwn(codes, code);
