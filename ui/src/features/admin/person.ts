import type { Output } from '../../lib/api/operations.js';

export type Person = Output<'GET /admin/people'>['items'][number];

export const roles = ['member', 'guest', 'auditor', 'admin'] as const;
export type Role = (typeof roles)[number];

/** The role of a person among those that can be given. */
export const roleOf = (person: { readonly role: string }): Role =>
  roles.find((one) => one === person.role) ?? 'member';
