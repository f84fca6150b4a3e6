import { z } from 'zod';

/**
 * What travels on the bus: CloudEvents 1.0 in structured JSON, with the extension attributes this product needs.
 * `type` is `dsem.<EventName>.v<major>`, `subject` is the stream, `sequence` the stream version.
 */
export const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(100),
  source: z.string().min(1).max(200),
  type: z.string().min(1).max(200),
  subject: z.string().min(1).max(400),
  time: z.iso.datetime({ offset: true }),
  datacontenttype: z.literal('application/json'),
  sequence: z.int().nonnegative(),
  /** Gap-free position in the source's own store; absent for messages that come from outside. */
  position: z.string().optional(),
  tenant: z.string().min(1).max(100),
  actor: z.string().min(1).max(200),
  onbehalfof: z.string().max(200).optional(),
  correlationid: z.string().min(1).max(100),
  causationid: z.string().min(1).max(100),
  traceparent: z.string().max(100).optional(),
  data: z.unknown(),
});

/** A message on any topic. */
export type Envelope = z.infer<typeof envelopeSchema>;

/** `VersionRegistered`, 1 → `dsem.VersionRegistered.v1`. */
export const typeName = (event: string, version: number): string => `dsem.${event}.v${version}`;

/** The reverse of `typeName`; undefined for foreign types. */
export const parseTypeName = (type: string): { event: string; version: number } | undefined => {
  const match = /^dsem\.([A-Za-z]+)\.v([1-9]\d*)$/.exec(type);
  return match === null ? undefined : { event: match[1] ?? '', version: Number(match[2]) };
};
