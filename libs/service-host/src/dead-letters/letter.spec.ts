import { deadLetterDiscarded, deadLetterReplayed, deadLetterReplayFailed, type LetterEvent } from '@dsem/events';
import { given } from '@dsem/event-store/testing';
import { deadLetter, type LetterCommand } from './letter.js';

const data = { service: 'registry', letter: '7', consumer: 'c', topic: 't', key: 'k', cause: 'broken', by: 'key:k1' };
const replayed = deadLetterReplayed.of(data);
const failed = deadLetterReplayFailed.of(data);
const discarded = deadLetterDiscarded.of({ ...data, reason: 'garbage' });
const discard: LetterCommand = { kind: 'discard', ...data, reason: 'garbage' };

describe('a dead letter', () => {
  it.each<[string, readonly LetterEvent[], LetterCommand, readonly LetterEvent[]]>([
    ['is given up with a reason', [], discard, [discarded]],
    ['is handled in the end', [], { kind: 'replayed', ...data }, [replayed]],
    ['fails again', [], { kind: 'failed-again', ...data }, [failed]],
    ['fails as often as it is tried', [failed], { kind: 'failed-again', ...data }, [failed]],
    ['is given up after it failed again', [failed], discard, [discarded]],
    ['is handled after it failed again', [failed], { kind: 'replayed', ...data }, [replayed]],
  ])('%s', (_, before, command, events) => {
    given(deadLetter, before).when(command).then(events);
  });

  it.each<[string, LetterEvent, LetterCommand]>([
    ['given up', replayed, discard],
    ['given up a second time', discarded, discard],
    ['replayed', discarded, { kind: 'replayed', ...data }],
    ['tried', replayed, { kind: 'failed-again', ...data }],
  ])('that has ended is not %s', (_, before, command) => {
    given(deadLetter, [before]).when(command).thenThrows('DSEM-4013');
  });
});
