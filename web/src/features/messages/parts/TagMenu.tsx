/** Puts a contact's field into text, as a tag with a fallback to write. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fieldsQuery, registryQuery } from '@/pickers/api';

export function TagMenu({ onInsert }: { onInsert: (tag: string) => void }) {
  const { t } = useTranslation('messages');
  const { data: registry } = useQuery(registryQuery);
  const { data: fields } = useQuery(fieldsQuery);
  const tags = [
    ...(registry?.merge_fields.map((field) => ({ tag: field.tag, label: field.label })) ?? []),
    ...(fields?.items.map((field) => ({ tag: field.key, label: field.name })) ?? []),
  ];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('tags')} title={t('tags')}>
          <IconUserPlus size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        <Menu.Label>{t('tags')}</Menu.Label>
        {tags.map(({ tag, label }) => (
          <Menu.Item key={tag} onClick={() => onInsert(`%${tag}%`)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
