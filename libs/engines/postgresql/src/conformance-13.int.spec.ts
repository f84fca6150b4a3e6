import { conformanceOn } from './testing/live/conformance.js';

conformanceOn(13);
