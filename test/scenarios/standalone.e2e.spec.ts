import { describeWithServer } from '@dsem/testkit';
import { tellStories } from './harness/stories.js';

describeWithServer('postgresql', 'Stories in the standalone composition', () => tellStories('standalone'));
