import type { Role } from '@/api/session';

export const roles: Role[] = ['owner', 'admin', 'editor', 'viewer'];
