import type { Output } from '../../lib/api/operations.js';

export type Person = Output<'GET /admin/people'>['items'][number];

export const roles = ['member', 'auditor', 'admin'] as const;
export type Role = (typeof roles)[number];

/** The role of a person among those that can be given; a guest counts as a member here. */
export const roleOf = (person: { readonly role: string }): Role =>
  roles.find((one) => one === person.role) ?? 'member';
