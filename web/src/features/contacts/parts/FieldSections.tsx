/** The groups with their fields; a field is dragged to a place in any group. */
import { ActionIcon, Card, Group, Menu, Stack, Text } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '@/pickers/api';
import { moved, type Section } from '../field-order';
import classes from '../fields.module.css';
import type { OrderInput } from '../structure-api';
import { FieldRow } from './FieldRow';

type Props = {
  sections: Section[];
  usage: ReadonlyMap<number, number> | undefined;
  mayEdit: boolean;
  onOrder: (order: OrderInput) => void;
  onEdit: (field: Field) => void;
  onDelete: (field: Field) => void;
  onRenameGroup: (group: Section) => void;
  onDeleteGroup: (group: Section) => void;
};
type Over = { section: number | null; before: number | null };

export function FieldSections({ sections, usage, mayEdit, ...on }: Props) {
  const { t } = useTranslation('privacy');
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<Over | null>(null);
  const end = () => {
    setDragged(null);
    setOver(null);
  };
  const drop = () => {
    if (dragged !== null && over && over.before !== dragged) {
      on.onOrder(moved(sections, dragged, over.section, over.before));
    }
    end();
  };
  return (
    <Stack gap="md">
      {sections.map((section) => (
        <Card key={section.id} padding={0}>
          <div className={classes.head}>
            <Text size="sm" fw={650} component="h2">
              {section.name}
            </Text>
            {mayEdit && section.id !== null && (
              <GroupMenu
                name={section.name}
                onRename={() => on.onRenameGroup(section)}
                onDelete={() => on.onDeleteGroup(section)}
              />
            )}
          </div>
          <ul style={{ listStyle: 'none', margin: 0, padding: 0 }} aria-label={section.name}>
            {section.fields.map((field) => (
              <FieldRow
                key={field.id}
                field={field}
                section={section}
                sections={sections}
                used={usage && (usage.get(field.id) ?? 0)}
                mayEdit={mayEdit}
                isOver={dragged !== null && over?.before === field.id}
                onDrag={(id) => (id === null ? end() : setDragged(id))}
                onOver={(id) => setOver({ section: section.id, before: id })}
                onDrop={drop}
                onMove={(to, before) => on.onOrder(moved(sections, field.id, to, before))}
                onEdit={() => on.onEdit(field)}
                onDelete={() => on.onDelete(field)}
              />
            ))}
            {(dragged !== null || section.fields.length === 0) && (
              <li
                className={classes.end}
                data-over={(over && over.section === section.id && over.before === null) || undefined}
                onDragOver={(event) => {
                  event.preventDefault();
                  setOver({ section: section.id, before: null });
                }}
                onDrop={drop}
              >
                <Text size="sm" c="dimmed">
                  {t('fields.empty')}
                </Text>
              </li>
            )}
          </ul>
        </Card>
      ))}
    </Stack>
  );
}

function GroupMenu({ name, onRename, onDelete }: { name: string; onRename: () => void; onDelete: () => void }) {
  const { t } = useTranslation('privacy');
  return (
    <Group>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={t('fields.groupActions', { name })}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} />} onClick={onRename}>
            {t('fields.renameGroup')}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={onDelete}>
            {t('fields.deleteGroup')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
