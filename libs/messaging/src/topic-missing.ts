/** Whether a topic is missing, perhaps only because it is being created at this moment. */
export const topicMissing = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION';
