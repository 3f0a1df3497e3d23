/** Lists as people type and files hold them, cut into what one request takes. */
import type { NewSuppressions, Reason } from './api';

export const PIECE = 5_000;
const HEADS = ['address', 'email', 'e-mail', 'email address', 'recipient', 'domain', 'hash'];

export const linesOf = (text: string) =>
  text
    .split(/[\s,;]+/)
    .map((line) => line.trim())
    .filter(Boolean);

/** A CSV in pieces, each with the heading where there is one. */
export function csvPieces(text: string): string[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim());
  const heads = (lines[0] ?? '').split(',').map((head) => head.trim().replaceAll('"', '').toLowerCase());
  const head = heads.some((name) => HEADS.includes(name)) ? lines.shift() : undefined;
  const pieces: string[] = [];
  for (let at = 0; at < lines.length; at += PIECE) {
    pieces.push([...(head ? [head] : []), ...lines.slice(at, at + PIECE)].join('\n'));
  }
  return pieces;
}

export function piecesOf(typed: string, csv: string, reason: Reason, note: string): NewSuppressions[] {
  const addresses = linesOf(typed);
  const pieces: NewSuppressions[] = [];
  for (let at = 0; at < addresses.length; at += PIECE) {
    pieces.push({ addresses: addresses.slice(at, at + PIECE), reason, note });
  }
  return [...pieces, ...csvPieces(csv).map((piece) => ({ csv: piece, reason, note }))];
}
