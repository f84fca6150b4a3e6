import type { Note } from '@dsem/engine';
import type { EngineName, Schema } from '@dsem/schema';

/** The state of a running database; its driver is loaded here and nowhere else. @throws ConnectionFailed */
export const inspectLive = async (
  engine: EngineName,
  url: string,
): Promise<{ readonly schema: Schema; readonly notes: readonly Note[] }> => {
  const { driverFor } = await import('@dsem/catalogue/drivers');
  const session = await (await driverFor(engine)).connect(url, { applicationName: 'dsem' });
  try {
    const schema = await session.inspect();
    const notes = session
      .unmanaged()
      .map((object) => ({ message: `${object} is there and is not part of the state.` }));
    return { schema, notes };
  } finally {
    await session.close();
  }
};
