/** The common shape of the tags, lists and fields pages: a searchable table, a form, and deletion. */
import { ActionIcon, Box, Button, Card, Group, Menu, Modal, Table, Text, TextInput } from '@mantine/core';
import {
  IconDots,
  IconGitMerge,
  IconPencil,
  IconPlus,
  IconSearch,
  IconTags,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react';
import { type UseQueryOptions, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Page as PageOf } from '@/api/client';
import { useMay } from '@/api/session';
import { DeleteDialog } from '@/pickers/DeleteDialog';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { type Kind, nounOf, useDelete } from '../structure-api';
import { StructureFrame } from './StructureFrame';

type Thing = { id: number; name: string };
export type Cell<T> = { header: string; cell: (thing: T) => ReactNode; align?: 'right'; wide?: boolean };

type Props<T extends Thing> = {
  kind: Kind;
  query: UseQueryOptions<PageOf<T>, Error, PageOf<T>, string[]>;
  cells: Cell<T>[];
  form: (thing: T | null, close: () => void) => ReactNode;
  /** Opens the contact list with this one as filter. */
  contactsOf?: (thing: T) => { tag?: number; list?: number };
  onMerge?: (thing: T) => void;
};

export function StructurePage<T extends Thing>({ kind, query: options, cells, form, contactsOf, onMerge }: Props<T>) {
  const { t } = useTranslation('contacts');
  const navigate = useNavigate();
  const query = useQuery(options);
  const [search, setSearch] = useState('');
  const [edited, setEdited] = useState<T | 'new' | null>(null);
  const [deleted, setDeleted] = useState<T | null>(null);
  const remove = useDelete(kind);
  const mayEdit = useMay('editor');
  const things = (query.data?.items ?? []).filter((thing) => thing.name.toLowerCase().includes(search.toLowerCase()));
  const addButton = mayEdit && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
      {t(`structure.${kind}.add`)}
    </Button>
  );

  return (
    <StructureFrame kind={kind} actions={addButton}>
      <Card padding={0}>
        {query.isPending ? (
          <LoadingRows count={6} />
        ) : query.isError ? (
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.items.length === 0 ? (
          <EmptyView
            icon={<IconTags size={26} stroke={1.6} />}
            title={t(`structure.${kind}.emptyTitle`)}
            description={t(`structure.${kind}.emptyText`)}
            actions={addButton}
          />
        ) : (
          <>
            <Box p="sm">
              <TextInput
                w={{ base: '100%', xs: 260 }}
                placeholder={t('structure.search')}
                aria-label={t('structure.search')}
                leftSection={<IconSearch size={15} />}
                value={search}
                onChange={(event) => setSearch(event.currentTarget.value)}
              />
            </Box>
            <Table horizontalSpacing="md" verticalSpacing={9} highlightOnHover aria-label={t(`structure.tabs.${kind}`)}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('structure.name')}</Table.Th>
                  {cells.map((cell) => (
                    <Table.Th key={cell.header} ta={cell.align} visibleFrom={cell.wide ? 'sm' : undefined}>
                      {cell.header}
                    </Table.Th>
                  ))}
                  <Table.Td w={50} />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {things.map((thing) => (
                  <Table.Tr key={thing.id}>
                    <Table.Td fw={550} style={{ overflowWrap: 'anywhere' }}>
                      {thing.name}
                    </Table.Td>
                    {cells.map((cell) => (
                      <Table.Td key={cell.header} ta={cell.align} visibleFrom={cell.wide ? 'sm' : undefined}>
                        {cell.cell(thing)}
                      </Table.Td>
                    ))}
                    <Table.Td ta="right">
                      <RowMenu
                        thing={thing}
                        onShow={contactsOf && (() => void navigate({ to: '/contacts', search: contactsOf(thing) }))}
                        onEdit={mayEdit ? () => setEdited(thing) : undefined}
                        onMerge={onMerge && mayEdit ? () => onMerge(thing) : undefined}
                        onDelete={mayEdit ? () => setDeleted(thing) : undefined}
                      />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
            {things.length === 0 && (
              <Text c="dimmed" size="sm" ta="center" py="xl">
                {t('structure.nothingFound')}
              </Text>
            )}
          </>
        )}
      </Card>
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited === 'new' ? t(`structure.${kind}.add`) : (edited?.name ?? '')}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        {edited !== null && form(edited === 'new' ? null : edited, () => setEdited(null))}
      </Modal>
      <DeleteDialog
        noun={nounOf[kind]}
        id={deleted?.id ?? null}
        title={t(`structure.${kind}.deleteTitle`, { name: deleted?.name ?? '' })}
        action={t('structure.delete')}
        loading={remove.isPending}
        onConfirm={() =>
          deleted && remove.mutate(deleted.id, { onSuccess: () => setDeleted(null), onError: toastError })
        }
        onClose={() => setDeleted(null)}
      >
        {t(`structure.${kind}.deleteText`)}
      </DeleteDialog>
    </StructureFrame>
  );
}

type RowMenuProps = {
  thing: Thing;
  onShow?: () => void;
  onEdit?: () => void;
  onMerge?: () => void;
  onDelete?: () => void;
};

function RowMenu({ thing, onShow, onEdit, onMerge, onDelete }: RowMenuProps) {
  const { t } = useTranslation(['contacts', 'privacy']);
  if (!onShow && !onEdit) return null;
  return (
    <Group justify="flex-end">
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={t('structure.actions', { name: thing.name })}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {onShow && (
            <Menu.Item leftSection={<IconUsers size={15} />} onClick={onShow}>
              {t('structure.show')}
            </Menu.Item>
          )}
          {onEdit && (
            <Menu.Item leftSection={<IconPencil size={15} />} onClick={onEdit}>
              {t('structure.edit')}
            </Menu.Item>
          )}
          {onMerge && (
            <Menu.Item leftSection={<IconGitMerge size={15} />} onClick={onMerge}>
              {t('tags.merge', { ns: 'privacy' })}
            </Menu.Item>
          )}
          {onDelete && (
            <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={onDelete}>
              {t('structure.delete')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
