import { describeWithServer } from '@dsem/testkit';
import { tellStories } from './harness/stories.js';

describeWithServer('postgresql', 'Stories in the distributed composition', () =>
  describeWithServer('kafka', 'with a process per service over Kafka', () => tellStories('distributed')),
);
