/** Where to go after signing in: only addresses of this admin. */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : '/dashboard';
}
