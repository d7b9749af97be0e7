import type { Subject } from './message-actions.js';

/** The message that the person wants to report at the moment; the dialog stands in the page. */
class Reporting {
  subject = $state.raw<Subject | null>(null);
}

export const reporting = new Reporting();
