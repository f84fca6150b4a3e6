import { typeName, type Envelope } from '@dsem/events';
import type { StoredEvent } from '@dsem/event-store';

/** A stored event as it travels: `source` names the service, the stream is the subject and, on the bus, the key. */
export const toEnvelope = (stored: StoredEvent, source: string): Envelope => {
  const { tenant, actor, onBehalfOf, correlationId, causationId, traceparent } = stored.metadata;
  return {
    specversion: '1.0',
    id: stored.id,
    source,
    type: typeName(stored.type, stored.version),
    subject: stored.stream,
    time: stored.time,
    datacontenttype: 'application/json',
    sequence: stored.streamVersion,
    position: stored.position.toString(),
    tenant,
    actor,
    ...(onBehalfOf === undefined ? {} : { onbehalfof: onBehalfOf }),
    correlationid: correlationId,
    causationid: causationId,
    ...(traceparent === undefined ? {} : { traceparent }),
    data: stored.data,
  };
};
