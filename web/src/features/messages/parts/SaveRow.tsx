/** Keeps the chosen block with all it holds under a name; under a name that exists, in its place. */
import { ActionIcon, Autocomplete, Button, Popover, Stack, Switch, Text } from '@mantine/core';
import { IconBookmarkPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast, toastError } from '@/ui/toast';
import type { Block } from '../blocks';
import { type SavedRow, savedRowsQuery, useSaveRow } from '../library-api';

export type RowSaving = {
  /** A row that messages hold writes them anew: what is not saved yet must be saved first. */
  before: () => Promise<void>;
  after: (row: SavedRow, blockId: string) => Promise<void>;
};

export function SaveRow({ block, saving: rows }: { block: Block; saving: RowSaving }) {
  const { t } = useTranslation('messages');
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [isSynced, setSynced] = useState(false);
  const { data } = useQuery({ ...savedRowsQuery, enabled: isOpen });
  const saving = useSaveRow();
  const there = data?.items.find((row) => row.name.toLowerCase() === name.trim().toLowerCase());
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    await rows.before();
    saving.mutate(
      { id: there?.id, name: name.trim(), blocks: [block], is_synced: isSynced },
      {
        onSuccess: (row) => {
          // From now on the block here is the snippet too.
          if (row.is_synced) void rows.after(row, block.id).catch(toastError);
          toast(t('saved.done', { name: row.name }));
          setOpen(false);
          setName('');
        },
        onError: toastError,
      },
    );
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('saved.save')}
          title={t('saved.save')}
          onClick={() => setOpen(!isOpen)}
        >
          <IconBookmarkPlus size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown w={300}>
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="sm">
            <Autocomplete
              label={t('saved.name')}
              data={data?.items.map((row) => row.name) ?? []}
              value={name}
              maxLength={200}
              onChange={setName}
              comboboxProps={{ withinPortal: false }}
              data-autofocus
            />
            {there ? (
              <Text size="xs" c="dimmed">
                {t(there.is_synced ? 'saved.replaceSynced' : 'saved.replace')}
              </Text>
            ) : (
              <Switch
                label={t('saved.synced')}
                description={t('saved.syncedText')}
                checked={isSynced}
                onChange={(event) => setSynced(event.currentTarget.checked)}
              />
            )}
            <Button type="submit" disabled={!name.trim()} loading={saving.isPending}>
              {t(there ? 'saved.replaceIt' : 'saved.keep')}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
