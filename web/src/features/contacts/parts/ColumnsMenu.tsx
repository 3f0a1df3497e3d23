/** Which columns the list shows, and in which order. */
import { ActionIcon, Button, Group, Popover, ScrollArea, Text, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconColumns3, IconPlus, IconSearch, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '@/pickers/api';
import { engagementColumns, fieldColumn, shifted, standardColumns } from '../column-ids';
import classes from '../list.module.css';
import { columnName } from './columns';

type Props = { columns: string[]; fields: Field[]; onChange: (columns: string[]) => void; onReset?: () => void };

export function ColumnsMenu({ columns, fields, onChange, onReset }: Props) {
  const { t } = useTranslation('contacts');
  const [search, setSearch] = useState('');
  const name = (id: string) => columnName(id, { t, fields });
  const chosen = columns.filter((id) => name(id) !== id);
  const fits = (id: string) => !columns.includes(id) && name(id).toLowerCase().includes(search.trim().toLowerCase());
  const groups = [
    { title: t('columns.standard'), ids: standardColumns.filter(fits) },
    { title: t('columns.engagement'), ids: engagementColumns.filter(fits) },
    { title: t('columns.fields'), ids: fields.map(fieldColumn).filter(fits) },
  ].filter((group) => group.ids.length > 0);
  return (
    <Popover position="bottom-end" shadow="md" width={290} trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} />}>
          {t('columns.button')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label={t('columns.button')}>
        <Group justify="space-between" mb={4} px={4}>
          <Text size="xs" fw={600} c="dimmed">
            {t('columns.shown')}
          </Text>
          {onReset && (
            <Button size="compact-xs" variant="subtle" onClick={onReset}>
              {t('columns.reset')}
            </Button>
          )}
        </Group>
        <ul className={classes.columns}>
          {chosen.map((id, index) => (
            <li key={id}>
              <span>{name(id)}</span>
              <ActionIcon
                size="sm"
                aria-label={t('columns.up', { name: name(id) })}
                disabled={index === 0}
                onClick={() => onChange(shifted(chosen, id, -1))}
              >
                <IconArrowUp size={14} />
              </ActionIcon>
              <ActionIcon
                size="sm"
                aria-label={t('columns.down', { name: name(id) })}
                disabled={index === chosen.length - 1}
                onClick={() => onChange(shifted(chosen, id, 1))}
              >
                <IconArrowDown size={14} />
              </ActionIcon>
              <ActionIcon
                size="sm"
                aria-label={t('columns.hide', { name: name(id) })}
                onClick={() => onChange(chosen.filter((item) => item !== id))}
              >
                <IconX size={14} />
              </ActionIcon>
            </li>
          ))}
        </ul>
        <TextInput
          mt="xs"
          size="xs"
          leftSection={<IconSearch size={14} />}
          placeholder={t('columns.search')}
          aria-label={t('columns.search')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <ScrollArea.Autosize mah={230} mt={6} type="auto">
          {groups.map(({ title, ids }) => (
            <div key={title}>
              <Text size="xs" fw={600} c="dimmed" px={4} pt={6}>
                {title}
              </Text>
              {ids.map((id) => (
                <button key={id} type="button" className={classes.offer} onClick={() => onChange([...chosen, id])}>
                  {name(id)}
                  <IconPlus size={14} aria-hidden />
                </button>
              ))}
            </div>
          ))}
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
