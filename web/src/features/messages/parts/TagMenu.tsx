/** Puts a contact's field or a message variable into text as a tag, or a link to a page of the system. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fieldsQuery, registryQuery } from '@/pickers/api';
import { variablesQuery } from '../library-api';

/** Pages that know the contact by the link; their clicks are not counted. */
const links = ['WEBCOPY', 'UPDATELINK', 'FORWARD2FRIEND', 'UNSUBSCRIBELINK'] as const;

type Props = {
  onInsert: (tag: string) => void;
  /** Where words can carry a link. */
  onLink?: (tag: string, words: string) => void;
};

export function TagMenu({ onInsert, onLink }: Props) {
  const { t } = useTranslation('messages');
  const { data: registry } = useQuery(registryQuery);
  const { data: fields } = useQuery(fieldsQuery);
  const { data: variables } = useQuery(variablesQuery);
  const tags = [
    ...(registry?.merge_fields.map((field) => ({ tag: field.tag, label: field.label })) ?? []),
    ...(fields?.items.map((field) => ({ tag: field.key, label: field.name })) ?? []),
    ...(variables?.items.map((variable) => ({ tag: variable.tag, label: variable.name })) ?? []),
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
        <Menu.Divider />
        <Menu.Label>{t('systemLinks')}</Menu.Label>
        {links.map((tag) => (
          <Menu.Item key={tag} onClick={() => (onLink ? onLink(`%${tag}%`, t(`links.${tag}`)) : onInsert(`%${tag}%`))}>
            {t(`links.${tag}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
