type CleanUp = () => Promise<void>;

const pending = new Set<CleanUp>();

/** Has work done when the program is interrupted before `forget` is called, which this returns. */
export const onInterrupt = (work: CleanUp): (() => void) => {
  pending.add(work);
  return () => void pending.delete(work);
};

/** How long an interrupted program may take to clean up, in milliseconds. */
const patienceMs = 10_000;

/** Does what is pending, whatever becomes of it, within ten seconds. */
export const cleanUp = async (): Promise<void> => {
  const all = Promise.allSettled([...pending].map((work) => work()));
  const timeout = new Promise((resolve) => setTimeout(resolve, patienceMs).unref());
  await Promise.race([all, timeout]);
};
