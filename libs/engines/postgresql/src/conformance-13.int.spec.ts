import { conformanceOn } from './testing/conformance.js';

conformanceOn(13);
