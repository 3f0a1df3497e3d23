import { describe, expect, it } from 'vitest';
import { begin, change, redo, undo } from './history';

describe('history', () => {
  it('undoes letters typed in one place as one, and what came before on its own', () => {
    let history = change(begin('a'), 'ab', undefined, 0);
    history = change(history, 'ab1', 'title', 100);
    history = change(history, 'ab12', 'title', 900);
    history = change(history, 'ab12!', 'text', 950);
    expect(undo(history).present).toBe('ab12');
    expect(undo(undo(history)).present).toBe('ab');
    expect(redo(undo(undo(history))).present).toBe('ab12');
  });
  it('keeps apart what has a pause between', () => {
    const history = change(change(begin('a'), 'ab', 'x', 0), 'abc', 'x', 5_000);
    expect(undo(history).present).toBe('ab');
  });
  it('never joins a change with one that was undone', () => {
    const history = change(undo(change(begin('a'), 'ab', 'x', 0)), 'az', 'x', 10);
    expect(undo(history).present).toBe('a');
  });
});
