/** One condition: a sentence that opens into a form. */
import { ActionIcon, Select, Text } from '@mantine/core';
import { IconChevronDown, IconGripVertical, IconX } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { SchemaForm } from '../SchemaForm';
import { useWords } from '../use-words';
import { GroupIcon, grouped } from './AddCondition';
import classes from './conditions.module.css';
import { useEditing } from './context';
import { usePartDrag } from './dragging';
import { PartMenu } from './PartMenu';
import { type KeyedLeaf, remove, step, update } from './tree';

export function LeafEditor({ leaf }: { leaf: KeyedLeaf }) {
  const { t } = useTranslation('pickers');
  const { id, root, registry, say, errorsOf, isOpen, toggle, change } = useEditing();
  const card = usePartDrag(id, leaf.key);
  const known = registry.conditions.find((condition) => condition.type === leaf.type);
  const opened = isOpen(leaf.key);
  const errors = errorsOf(leaf.key);
  const messages = [...new Set(Object.values(errors))];
  const { hintOf } = useWords();
  const hint = hintOf(leaf.type);
  const words = say(leaf);
  const sentence = words.map((word) => word.text).join('');
  const set = (next: Partial<KeyedLeaf>) => change(update(root, leaf.key, (old) => ({ ...old, ...next })));
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    change(step(root, leaf.key, event.key === 'ArrowDown' ? 1 : -1), leaf.key);
  };
  return (
    <div
      ref={card}
      className={classes.leaf}
      data-open={opened || undefined}
      data-wrong={messages.length > 0 || undefined}
    >
      <div className={classes.head}>
        <span className={classes.handle} data-handle title={t('condition.drag')}>
          <IconGripVertical size={14} aria-hidden />
        </span>
        <GroupIcon group={known?.group ?? ''} />
        <button
          type="button"
          className={classes.sentence}
          data-part={leaf.key}
          aria-expanded={opened}
          onClick={() => toggle(leaf.key, !opened)}
          onKeyDown={onKeyDown}
        >
          <span>
            {words.map((word, index) =>
              word.tone === 'plain' ? (
                word.text
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: words have no identity but their place
                <b key={index} data-missing={word.tone === 'missing' || undefined}>
                  {word.text}
                </b>
              ),
            )}
          </span>
          <IconChevronDown size={14} aria-hidden className={classes.chevron} />
        </button>
        <PartMenu node={leaf} />
        <ActionIcon
          className={classes.remove}
          size="sm"
          aria-label={t('condition.removeThis', { sentence })}
          onClick={() => change(remove(root, leaf.key))}
        >
          <IconX size={15} />
        </ActionIcon>
      </div>
      {messages.map((message) => (
        <Text key={message} size="xs" c="var(--mantine-color-error)" px={10} pb={8} role="alert">
          {message}
        </Text>
      ))}
      {opened && (
        <div className={classes.body}>
          {hint && (
            <Text size="xs" c="dimmed" className={classes.hint}>
              {hint}
            </Text>
          )}
          <Select
            searchable
            label={t('condition.kind')}
            data={grouped(registry.conditions).map(({ group, items }) => ({
              group,
              items: items.map((condition) => ({ value: condition.type, label: condition.label })),
            }))}
            value={leaf.type}
            allowDeselect={false}
            comboboxProps={{ shadow: 'md' }}
            onChange={(type) => type && type !== leaf.type && set({ type, params: {} })}
          />
          {known && Object.keys(known.params.properties ?? {}).length > 0 && (
            <SchemaForm
              isRow
              schema={known.params}
              value={leaf.params}
              errors={paramErrors(errors)}
              onChange={(params) => set({ params })}
            />
          )}
        </div>
      )}
    </div>
  );
}

/** "/params/tag_id" is about the input "tag_id". */
function paramErrors(errors: Record<string, string>): Record<string, string> {
  const found = Object.entries(errors).filter(([pointer]) => pointer.startsWith('/params/'));
  return Object.fromEntries(found.map(([pointer, text]) => [pointer.slice('/params'.length), text]));
}
