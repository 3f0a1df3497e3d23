/** Sending domains as cards: what DNS says about each, and the records to set. */
import { Button, Card, Group, Modal, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconWorld } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { useMay } from '@/api/session';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { domainsQuery, useAddDomain } from '../api';
import { DomainCard } from './DomainCard';

export function DomainsTab() {
  const { t } = useTranslation('senders');
  const { add: wanted } = useSearch({ from: '/_app/senders' });
  const navigate = useNavigate();
  const query = useQuery(domainsQuery);
  const mayChange = useMay('admin');
  const setWanted = (add: string | undefined) =>
    void navigate({ to: '/senders', search: { tab: 'domains', add }, replace: true });
  const add = mayChange && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setWanted('')}>
      {t('domains.add')}
    </Button>
  );
  return (
    <>
      {query.isPending || query.isError || query.data.items.length === 0 ? (
        <Card padding={0}>
          {query.isPending ? (
            <LoadingRows count={5} />
          ) : query.isError ? (
            <ErrorView error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <EmptyView
              icon={<IconWorld size={26} stroke={1.6} />}
              title={t('domains.none')}
              description={t('domains.noneText')}
              actions={add}
            />
          )}
        </Card>
      ) : (
        <Stack gap="lg">
          <Group justify="flex-end">{add}</Group>
          {query.data.items.map((domain) => (
            <DomainCard key={domain.name} domain={domain} mayChange={mayChange} />
          ))}
        </Stack>
      )}
      {wanted !== undefined && mayChange && <AddDomain name={wanted} onClose={() => setWanted(undefined)} />}
    </>
  );
}

function AddDomain({ name, onClose }: { name: string; onClose: () => void }) {
  const { t } = useTranslation('senders');
  const [value, setValue] = useState(name);
  const add = useAddDomain();
  return (
    <Modal opened onClose={onClose} title={t('domains.add')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (value.trim()) add.mutate(value.trim(), { onSuccess: onClose });
        }}
      >
        <Stack gap="md">
          <TextInput
            label={t('domains.name')}
            description={t('domains.nameHint')}
            data-autofocus
            autoComplete="off"
            value={value}
            error={add.isError ? messageOf(add.error) : undefined}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" disabled={!value.trim()} loading={add.isPending}>
              {t('domains.add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
