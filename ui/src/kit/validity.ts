import { t } from '../lib/i18n/index.svelte.js';

/** Says in the person's language what the browser finds wrong with a field. Texts for what no form here asks for are the browser's. */
export function shortcoming(
  control: Pick<HTMLInputElement, 'type' | 'validity' | 'validationMessage'>,
): string {
  const { validity } = control;
  if (validity.badInput) return t('kit.field.incomplete');
  if (validity.valueMissing) return t('kit.field.missing');
  if (validity.typeMismatch && control.type === 'email') return t('kit.field.email');
  return control.validationMessage;
}
