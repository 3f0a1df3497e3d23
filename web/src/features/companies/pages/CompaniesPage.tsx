/** The list of all companies, searched and sorted by the server. */
import { ActionIcon, Avatar, Box, Button, Group, Menu, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconBuilding, IconForms, IconLink, IconPlus, IconSearch, IconSettings } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatDate, formatNumber } from '@/lib/format';
import { ownersQuery } from '@/pickers/api';
import type { Company } from '@/pickers/people';
import { type Column, DataTable } from '@/ui/DataTable';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { companyListQuery } from '../api';
import classes from '../companies.module.css';
import { AddCompanyDialog } from '../parts/AddCompanyDialog';
import { FieldsDialog } from '../parts/FieldsDialog';
import { LinkingDialog } from '../parts/LinkingDialog';

const sorts = ['name', '-name', 'created_at', '-created_at'] as const;
type Sort = (typeof sorts)[number];
type Asked = 'add' | 'fields' | 'linking' | null;

export function CompaniesPage() {
  const { t } = useTranslation('companies');
  const navigate = useNavigate({ from: '/companies' });
  const { q = '', sort = 'name' } = useSearch({ from: '/_app/companies' });
  const query = useInfiniteQuery(companyListQuery(q, sort));
  const [asked, setAsked] = useState<Asked>(null);
  const mayEdit = useMay('editor');
  const columns = useColumns();
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.total ?? null;
  const change = (part: { q?: string; sort?: Sort }) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const add = mayEdit && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAsked('add')}>
      {t('add')}
    </Button>
  );

  return (
    <Box className={classes.page} px="var(--app-gutter)" pt={24} pb={16}>
      <Group justify="space-between" align="flex-end" mb="md" gap="sm">
        <div>
          <Title order={1}>{t('title')}</Title>
          <Text c="dimmed" visibleFrom="xs">
            {t('subtitle')}
          </Text>
        </div>
        <Group gap="xs">
          {mayEdit && <SettingsMenu onAsk={setAsked} />}
          {add}
        </Group>
      </Group>
      <Search value={q} onChange={(text) => change({ q: text || undefined })} />
      <Box className={classes.fill}>
        {query.isError && rows.length === 0 ? (
          <div className="card">
            <ErrorView error={query.error} onRetry={() => void query.refetch()} />
          </div>
        ) : query.isPending ? (
          <div className="card">
            <LoadingRows count={8} />
          </div>
        ) : (
          <DataTable
            label={t('title')}
            columns={columns}
            rows={rows}
            total={total}
            sort={sort}
            onSort={(next) => change({ sort: sorts.find((one) => one === next && one !== 'name') })}
            onOpen={(company) => void navigate({ to: '/companies/$id', params: { id: String(company.id) } })}
            hasMore={query.hasNextPage}
            isLoadingMore={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
            resetKey={`${q} ${sort}`}
            empty={
              <EmptyView
                icon={<IconBuilding size={26} stroke={1.6} />}
                title={t(q ? 'nothing' : 'none')}
                description={q ? undefined : t('noneText')}
                actions={q ? undefined : add}
              />
            }
          />
        )}
      </Box>
      <AddCompanyDialog opened={asked === 'add'} onClose={() => setAsked(null)} />
      <FieldsDialog opened={asked === 'fields'} onClose={() => setAsked(null)} />
      <LinkingDialog opened={asked === 'linking'} onClose={() => setAsked(null)} />
    </Box>
  );
}

function useColumns(): Column<Company>[] {
  const { t } = useTranslation('companies');
  const { data: users } = useQuery(ownersQuery);
  const ownerOf = (id: number | null) => users?.items.find((user) => user.id === id)?.name ?? '–';
  return [
    {
      id: 'name',
      header: t('fields.name'),
      width: 'minmax(180px, 1.6fr)',
      sort: 'name',
      cell: (company) => (
        <Group gap="sm" wrap="nowrap">
          <Avatar size={30} radius="md" name={company.name} color="initials" aria-hidden />
          <div className={classes.name}>
            <Text size="sm" fw={600} truncate>
              {company.name}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {company.domain ?? company.website}
            </Text>
          </div>
        </Group>
      ),
    },
    {
      id: 'owner',
      header: t('fields.owner'),
      width: 'minmax(120px, 1fr)',
      wide: true,
      cell: (company) => (
        <Text size="sm" truncate>
          {ownerOf(company.owner_id)}
        </Text>
      ),
    },
    {
      id: 'created_at',
      header: t('fields.created_at'),
      width: '150px',
      sort: 'created_at',
      wide: true,
      cell: (company) => <span className="num">{formatDate(company.created_at)}</span>,
    },
    {
      id: 'contacts',
      header: t('fields.contacts'),
      width: '110px',
      align: 'right',
      cell: (company) => <span className="num">{formatNumber(company.contact_count)}</span>,
    },
  ];
}

function SettingsMenu({ onAsk }: { onAsk: (asked: Asked) => void }) {
  const { t } = useTranslation('companies');
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={t('settings')}>
          <IconSettings size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconForms size={16} />} onClick={() => onAsk('fields')}>
          {t('companyFields.title')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLink size={16} />} onClick={() => onAsk('linking')}>
          {t('linking.title')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Search({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation('companies');
  const [text, setText] = useState(value);
  const later = useDebouncedCallback(onChange, 200);
  return (
    <TextInput
      mb="sm"
      w={{ base: '100%', xs: 280 }}
      placeholder={t('search')}
      aria-label={t('search')}
      leftSection={<IconSearch size={15} />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        later(event.currentTarget.value.trim());
      }}
    />
  );
}
