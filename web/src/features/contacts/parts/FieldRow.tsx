/** A field in its group: drag it by the row, or move it by its menu. */
import { ActionIcon, Badge, Code, Group, Menu, Text } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconDots,
  IconFolder,
  IconGripVertical,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/lib/format';
import type { Field } from '@/pickers/api';
import { neighbour, type Section } from '../field-order';
import classes from '../fields.module.css';

type Props = {
  field: Field;
  section: Section;
  sections: Section[];
  /** How many contacts have a value; undefined while it is counted. */
  used: number | undefined;
  mayEdit: boolean;
  isOver: boolean;
  onDrag: (id: number | null) => void;
  onOver: (id: number) => void;
  onDrop: () => void;
  onMove: (to: number | null, before: number | null) => void;
  onEdit: () => void;
  onDelete: () => void;
};

export function FieldRow({ field, section, sections, used, mayEdit, isOver, ...on }: Props) {
  const { t } = useTranslation(['contacts', 'privacy']);
  const up = neighbour(section, field.id, -1);
  const down = neighbour(section, field.id, 1);
  return (
    <li
      className={classes.row}
      draggable={mayEdit}
      data-over={isOver || undefined}
      onDragStart={(event) => {
        // Some browsers drag nothing that carries nothing.
        event.dataTransfer.setData('text/plain', field.name);
        on.onDrag(field.id);
      }}
      onDragEnd={() => on.onDrag(null)}
      onDragOver={(event) => {
        event.preventDefault();
        on.onOver(field.id);
      }}
      onDrop={on.onDrop}
    >
      <IconGripVertical size={16} opacity={mayEdit ? 0.5 : 0} aria-hidden />
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
          {field.name}
        </Text>
        <Group gap={4} mt={2}>
          {field.is_required && <Badge size="xs">{t('fields.required', { ns: 'privacy' })}</Badge>}
          {!field.is_visible && (
            <Badge size="xs" color="gray">
              {t('fields.hidden', { ns: 'privacy' })}
            </Badge>
          )}
          {field.list_ids.length > 0 && (
            <Badge size="xs" color="gray">
              {t('fields.onLists', { ns: 'privacy', count: field.list_ids.length })}
            </Badge>
          )}
        </Group>
      </div>
      <Text size="sm" className={classes.wide}>
        {t(`structure.types.${field.type}`)}
      </Text>
      <Code className={classes.wide} style={{ justifySelf: 'start', overflowWrap: 'anywhere' }}>
        %{field.key}%
      </Code>
      <Text size="sm" c="dimmed" ta="right" className={`num ${classes.wide}`}>
        {used === undefined
          ? ''
          : used === 0
            ? t('fields.unused', { ns: 'privacy' })
            : t('fields.used', { ns: 'privacy', count: used, number: formatNumber(used) })}
      </Text>
      {mayEdit && (
        <Menu>
          <Menu.Target>
            <ActionIcon aria-label={t('structure.actions', { name: field.name })}>
              <IconDots size={17} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={15} />} onClick={on.onEdit}>
              {t('structure.edit')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconArrowUp size={15} />}
              disabled={!up}
              onClick={() => up && on.onMove(section.id, up.before)}
            >
              {t('fields.up', { ns: 'privacy' })}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconArrowDown size={15} />}
              disabled={!down}
              onClick={() => down && on.onMove(section.id, down.before)}
            >
              {t('fields.down', { ns: 'privacy' })}
            </Menu.Item>
            {sections
              .filter((other) => other.id !== section.id)
              .map((other) => (
                <Menu.Item
                  key={other.id}
                  leftSection={<IconFolder size={15} />}
                  onClick={() => on.onMove(other.id, null)}
                >
                  {t('fields.moveTo', { ns: 'privacy', name: other.name })}
                </Menu.Item>
              ))}
            <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={on.onDelete}>
              {t('structure.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}
