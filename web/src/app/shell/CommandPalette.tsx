/** Control K: jump to a section, run a common action, or find a contact by name or e-mail. */
import { Avatar, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight } from '@mantine/spotlight';
import { IconMoon, IconPlus, IconSearch, IconSun, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { contactSearchQuery, nameOf } from '@/pickers/api';
import { allItems } from './nav';
import { paletteStore } from './palette-store';

export function CommandPalette() {
  const { t } = useTranslation('app');
  const [query, setQuery] = useState('');
  const [wanted] = useDebouncedValue(query.trim(), 150);
  const contacts = useQuery({ ...contactSearchQuery(wanted), enabled: wanted.length > 0 });
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';

  const actions = [
    {
      id: 'add',
      label: t('search.addContact'),
      icon: <IconPlus size={18} stroke={1.7} />,
      run: () => void navigate({ to: '/contacts', search: { add: true } }),
    },
    {
      id: 'import',
      label: t('search.importContacts'),
      icon: <IconUpload size={18} stroke={1.7} />,
      run: () => void navigate({ to: '/imports/new' }),
    },
    {
      id: 'scheme',
      label: isDark ? t('search.light') : t('search.dark'),
      icon: isDark ? <IconSun size={18} stroke={1.7} /> : <IconMoon size={18} stroke={1.7} />,
      run: () => setColorScheme(isDark ? 'light' : 'dark'),
    },
  ];
  const matches = (label: string) => label.toLowerCase().includes(query.trim().toLowerCase());
  const pages = allItems.filter((item) => matches(t(`nav.${item.id}`)));
  const shownActions = actions.filter((action) => matches(action.label));
  const people = wanted ? (contacts.data?.items ?? []) : [];

  // Contacts arrive after the typing; then the first entry must be the chosen one again, so that Enter opens it.
  const list = useRef<HTMLDivElement>(null);
  const found = people.map((contact) => contact.id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when other contacts are found
  useEffect(() => {
    if (!query || list.current?.querySelector('[data-selected]')) return;
    list.current?.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
    paletteStore.updateState((state) => ({ ...state, selected: 0 }));
  }, [found, query]);

  return (
    <Spotlight.Root
      store={paletteStore}
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K', '/']}
      scrollable
      maxHeight={420}
      attributes={{ content: { 'aria-label': t('search.label') } }}
    >
      <Spotlight.Search
        placeholder={t('search.placeholder')}
        aria-label={t('search.label')}
        leftSection={<IconSearch size={18} stroke={1.7} />}
      />
      <Spotlight.ActionsList ref={list}>
        {people.length > 0 && (
          <Spotlight.ActionsGroup label={t('search.contacts')}>
            {people.map((contact) => (
              <Spotlight.Action
                key={contact.id}
                label={nameOf(contact)}
                description={contact.email ?? undefined}
                leftSection={<Avatar size={28} name={nameOf(contact)} color="initials" aria-hidden />}
                onClick={() => void navigate({ to: '/contacts/$id', params: { id: String(contact.id) } })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label={t('search.goTo')}>
            {pages.map((item) => (
              <Spotlight.Action
                key={item.id}
                label={t(`nav.${item.id}`)}
                leftSection={<item.icon size={18} stroke={1.7} />}
                onClick={() => void navigate(item.link)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {shownActions.length > 0 && (
          <Spotlight.ActionsGroup label={t('search.actions')}>
            {shownActions.map((action) => (
              <Spotlight.Action key={action.id} label={action.label} leftSection={action.icon} onClick={action.run} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {people.length + pages.length + shownActions.length === 0 && !contacts.isFetching && (
          <Spotlight.Empty>{t('search.nothing')}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
