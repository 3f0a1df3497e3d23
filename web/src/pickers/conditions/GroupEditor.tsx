/** A group of conditions: whether all, any or none of them must hold, and the parts it is made of. */
import { ActionIcon, Button, SegmentedControl, Text } from '@mantine/core';
import { IconBracketsContain, IconGripVertical, IconX } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { AddCondition } from './AddCondition';
import classes from './conditions.module.css';
import { useEditing } from './context';
import { useDropPlace, usePartDrag } from './dragging';
import { LeafEditor } from './LeafEditor';
import { PartMenu } from './PartMenu';
import {
  insert,
  isGroup,
  type KeyedGroup,
  type Match,
  newGroup,
  newLeaf,
  type Place,
  remove,
  step,
  update,
} from './tree';

const matches = ['all', 'any', 'none'] as const;

export function GroupEditor({ group, isRoot }: { group: KeyedGroup; isRoot?: boolean }) {
  const { t } = useTranslation('pickers');
  const { id, root, errorsOf, change, openOnly } = useEditing();
  const card = usePartDrag(id, group.key);
  const errors = Object.values(errorsOf(group.key));
  const end: Place = { parent: group.key, index: group.parts.length };
  const addLeaf = (type: string) => {
    const leaf = newLeaf(type);
    openOnly(leaf.key);
    change(insert(root, end, leaf), leaf.key);
  };
  const setMatch = (match: Match) => change(update(root, group.key, (old) => ({ ...old, match })));
  const onKeyDown = (event: KeyboardEvent) => {
    if (isRoot || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    event.stopPropagation();
    change(step(root, group.key, event.key === 'ArrowDown' ? 1 : -1), group.key);
  };
  return (
    <div
      ref={card}
      className={classes.group}
      data-match={group.match}
      data-root={isRoot || undefined}
      role="group"
      aria-label={t(`condition.groupOf.${group.match}`)}
    >
      <div className={classes.head}>
        {!isRoot && (
          <span className={classes.handle} data-handle title={t('condition.drag')}>
            <IconGripVertical size={14} aria-hidden />
          </span>
        )}
        <div data-part={group.key} onKeyDown={onKeyDown}>
          <SegmentedControl
            size="xs"
            aria-label={t('condition.match')}
            value={group.match}
            onChange={(match) => setMatch(match as Match)}
            data={matches.map((match) => ({ value: match, label: t(`condition.${match}`) }))}
          />
        </div>
        <Text size="xs" c="dimmed" className={classes.grow} truncate>
          {t(`condition.hold.${group.match}`)}
        </Text>
        <PartMenu node={group} isRoot={isRoot} />
        {!isRoot && (
          <ActionIcon
            className={classes.remove}
            size="sm"
            aria-label={t('condition.removeGroup')}
            onClick={() => change(remove(root, group.key))}
          >
            <IconX size={15} />
          </ActionIcon>
        )}
      </div>
      {errors.map((message) => (
        <Text key={message} size="xs" c="var(--mantine-color-error)" role="alert">
          {message}
        </Text>
      ))}
      <div className={classes.parts}>
        {group.parts.map((part, index) => (
          <div key={part.key} className={classes.part}>
            <Gap place={{ parent: group.key, index }} match={index > 0 ? group.match : null} />
            {isGroup(part) ? <GroupEditor group={part} /> : <LeafEditor leaf={part} />}
          </div>
        ))}
        {group.parts.length === 0 && (
          <Text size="xs" c="dimmed" py={6}>
            {t(isRoot ? 'condition.everyone' : 'condition.emptyGroup')}
          </Text>
        )}
        <Gap place={end} match={null} />
      </div>
      <div className={classes.foot}>
        <AddCondition onAdd={addLeaf} />
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconBracketsContain size={14} />}
          onClick={() => change(insert(root, end, newGroup(group.match === 'any' ? 'all' : 'any')))}
        >
          {t('condition.addGroup')}
        </Button>
      </div>
    </div>
  );
}

/** The place between two parts: says how they go together, and takes what is dropped on it. */
function Gap({ place, match }: { place: Place; match: Match | null }) {
  const { t } = useTranslation('pickers');
  const { id, root } = useEditing();
  const { gap, isOver } = useDropPlace(id, root, place);
  return (
    <div ref={gap} className={classes.gap} data-over={isOver || undefined} data-word={match ? true : undefined}>
      {match && <span>{t(`condition.join.${match}`)}</span>}
    </div>
  );
}
