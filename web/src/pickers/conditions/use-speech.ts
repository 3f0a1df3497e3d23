/** Says conditions in the words of the interface, with the names of what they are about. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Registry } from '../api';
import { isPickerKind, type PickerKind } from '../ObjectPicker';
import { pickerOf } from '../schema';
import { useNames, useWords } from '../use-words';
import { type Speech, sentenceOf, type Word } from './sentence';
import { isGroup, type KeyedNode, type Leaf, leavesOf } from './tree';

export function useSpeech(registry: Registry | undefined, nodes: KeyedNode): (leaf: Leaf) => Word[] {
  const { t, i18n } = useTranslation('pickers');
  const { choiceOf, labelOf } = useWords();
  const kinds = useMemo(() => {
    const leaves = leavesOf(nodes);
    const names = leaves.flatMap((leaf) => [...Object.keys(leaf.params), String(leaf.params.attribute)]);
    const pickers = leaves.map((leaf) => registry?.triggers.find((fact) => fact.type === leaf.params.fact)?.picker);
    return new Set<PickerKind>([...names.map(pickerOf), ...pickers].filter(isPickerKind));
  }, [registry, nodes]);
  const name = useNames(kinds);
  const own = (key: string) => (i18n.exists(`pickers:${key}`) ? t(key as 'loading') : null);
  const speech: Speech = {
    template: (type) => own(`sentence.${type}`),
    operator: (operator) => own(`says.${operator}`),
    choice: (choice) => choiceOf(choice, null),
    name,
    fact: (wanted) => {
      const fact = registry?.triggers.find((item) => item.type === wanted);
      return fact ? { label: fact.label, picker: isPickerKind(fact.picker) ? fact.picker : null } : null;
    },
    missing: (kind) => t(`missing.${kind}`),
    label: labelOf,
    yes: t('yes'),
    no: t('no'),
  };
  return (leaf) => {
    const known = registry?.conditions.find((condition) => condition.type === leaf.type);
    return sentenceOf(leaf, known?.label ?? leaf.type, known?.params ?? {}, speech);
  };
}

/** The whole condition in one line of text, for lists. */
export function tellAll(
  node: KeyedNode,
  say: (leaf: Leaf) => Word[],
  words: { and: string; or: string; not: string },
): string {
  if (!isGroup(node)) {
    return say(node)
      .map((word) => word.text)
      .join('');
  }
  const parts = node.parts.map((part) => {
    const text = tellAll(part, say, words);
    return isGroup(part) && part.parts.length > 1 ? `(${text})` : text;
  });
  if (node.match === 'none') return parts.length > 0 ? `${words.not} (${parts.join(` ${words.or} `)})` : '';
  return parts.join(node.match === 'all' ? ` ${words.and} ` : ` ${words.or} `);
}
