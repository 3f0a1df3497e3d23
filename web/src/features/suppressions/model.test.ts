import { expect, test } from 'vitest';
import { csvPieces, linesOf, PIECE, piecesOf } from './model';

test('typed lists are cut at blanks, commas and lines', () => {
  expect(linesOf(' a@x.example,b@x.example;\n\nc.example ')).toEqual(['a@x.example', 'b@x.example', 'c.example']);
});

test('every piece of a file has its heading', () => {
  const rows = Array.from({ length: PIECE + 1 }, (_, number) => `a${number}@x.example,bounced`);
  const pieces = csvPieces(`\uFEFFEmail,Reason\r\n${rows.join('\r\n')}\r\n\r\n`);
  expect(pieces.map((piece) => piece.split('\n').length)).toEqual([PIECE + 1, 2]);
  expect(pieces.every((piece) => piece.startsWith('Email,Reason\n'))).toBe(true);
});

test('a file without heading loses no row', () => {
  expect(csvPieces('a@x.example\nb@x.example')).toEqual(['a@x.example\nb@x.example']);
  expect(piecesOf('', '', 'manual', '')).toEqual([]);
});
