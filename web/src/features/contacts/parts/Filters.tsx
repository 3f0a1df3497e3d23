/** Search, tag and list filters above the contact list; all of it stands in the address. */
import { Box, Button, CloseButton, Group, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFilter, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/lib/format';
import { ObjectPicker } from '@/pickers/ObjectPicker';
import type { ContactSearch } from '../model';

type Props = {
  search: ContactSearch;
  total: number | null;
  onChange: (change: Partial<ContactSearch>) => void;
  onClear?: () => void;
  /** How many conditions the filter panel holds. */
  conditionCount: number;
  columns: ReactNode;
};

export function Filters({ search, total, onChange, onClear, conditionCount, columns }: Props) {
  const { t } = useTranslation('contacts');
  return (
    <Group py={12} gap="xs">
      <SearchInput value={search.q ?? ''} onChange={(q) => onChange({ q: q || (search.view ? '' : undefined) })} />
      <Box w={{ base: 'calc(50% - 5px)', xs: 170 }}>
        <ObjectPicker
          kind="tag"
          aria-label={t('filter.tag')}
          placeholder={t('filter.anyTag')}
          clearable
          clearButtonProps={{ 'aria-label': t('filter.clearTag') }}
          value={search.tag ?? null}
          onChange={(tag) => onChange({ tag: tag ?? undefined })}
        />
      </Box>
      <Box w={{ base: 'calc(50% - 5px)', xs: 170 }}>
        <ObjectPicker
          kind="list"
          aria-label={t('filter.list')}
          placeholder={t('filter.anyList')}
          clearable
          clearButtonProps={{ 'aria-label': t('filter.clearList') }}
          value={search.list ?? null}
          onChange={(list) => onChange({ list: list ?? undefined })}
        />
      </Box>
      <Button
        variant={conditionCount > 0 ? 'light' : 'default'}
        leftSection={<IconFilter size={16} />}
        aria-expanded={search.panel === true}
        onClick={() => onChange({ panel: search.panel ? undefined : true })}
      >
        {conditionCount > 0 ? t('filter.panelCount', { count: conditionCount }) : t('filter.panel')}
      </Button>
      {columns}
      {onClear && (
        <Button variant="subtle" color="gray" onClick={onClear}>
          {t('filter.clear')}
        </Button>
      )}
      <Box flex={1} />
      <Text size="sm" c="dimmed" className="num" aria-live="polite">
        {total !== null && t('list.found', { count: total, number: formatNumber(total) })}
      </Text>
    </Group>
  );
}

/** Writes to the address a moment after the last key, and follows the address when it changes elsewhere. */
function SearchInput({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation('contacts');
  const [text, setText] = useState(value);
  const send = useDebouncedCallback(onChange, 220);
  useEffect(() => setText(value), [value]);
  const set = (next: string) => {
    setText(next);
    send(next);
  };
  return (
    <TextInput
      w={{ base: '100%', xs: 280 }}
      placeholder={t('filter.search')}
      aria-label={t('filter.searchLabel')}
      leftSection={<IconSearch size={15} />}
      rightSection={text && <CloseButton size="sm" aria-label={t('filter.clearSearch')} onClick={() => set('')} />}
      value={text}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}
