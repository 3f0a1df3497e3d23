/** Says conditions in the words of the interface, with the names of what they are about. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Registry } from '../api';
import type { PickerKind } from '../ObjectPicker';
import { pickerOf } from '../schema';
import { useNames, useWords } from '../use-words';
import { type Speech, sentenceOf, type Word } from './sentence';
import { isGroup, type KeyedNode, type Leaf, leavesOf } from './tree';

export function useSpeech(registry: Registry | undefined, nodes: KeyedNode): (leaf: Leaf) => Word[] {
  const { t, i18n } = useTranslation('pickers');
  const { choiceOf, labelOf } = useWords();
  const kinds = useMemo(() => {
    const names = leavesOf(nodes).flatMap((leaf) => [...Object.keys(leaf.params), String(leaf.params.attribute)]);
    return new Set(names.map(pickerOf).filter((kind): kind is PickerKind => kind !== undefined));
  }, [nodes]);
  const name = useNames(kinds);
  const own = (key: string) => (i18n.exists(`pickers:${key}`) ? t(key as 'loading') : null);
  const speech: Speech = {
    template: (type) => own(`sentence.${type}`),
    operator: (operator) => own(`says.${operator}`),
    choice: (choice) => choiceOf(choice, null),
    name,
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
