/** What every part of the condition editor shares. */
import { createContext, useContext } from 'react';
import type { Registry } from '../api';
import type { Errors } from '../SchemaForm';
import type { Word } from './sentence';
import type { KeyedGroup, KeyedLeaf } from './tree';

export type Condition = Registry['conditions'][number];

export type Editing = {
  /** Tells the parts of one editor from those of another on the same page. */
  id: string;
  root: KeyedGroup;
  registry: Registry;
  say: (leaf: KeyedLeaf) => Word[];
  errorsOf: (key: string) => Errors;
  isOpen: (key: string) => boolean;
  toggle: (key: string, isOpen: boolean) => void;
  openOnly: (key: string) => void;
  /** Changes the tree; the part named after it keeps the focus. */
  change: (next: KeyedGroup, focus?: string) => void;
};

export const EditingContext = createContext<Editing | null>(null);

export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (!editing) throw new Error('Conditions are edited inside a condition builder.');
  return editing;
}
