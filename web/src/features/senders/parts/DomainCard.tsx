/** One domain: its checks, each with the record that should be there, and its settings. */
import { Box, Button, Card, Collapse, Group, Text, Title } from '@mantine/core';
import { IconRefresh, IconSettings, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo } from '@/lib/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toast, toastError } from '@/ui/toast';
import { type Check, type Domain, useCheckDomain, useDeleteDomain } from '../api';
import classes from '../senders.module.css';
import { CheckRow } from './CheckRow';
import { DomainSettings } from './DomainSettings';
import { HealthBadge } from './HealthBadge';
import { RowActions } from './RowActions';

/** What can be said before DNS has been asked: the keys are known. */
const firstChecks = (domain: Domain): Pick<Check, 'id' | 'record_type' | 'record_name' | 'record_value'>[] => [
  {
    id: 'dkim',
    record_type: 'TXT',
    record_name: `${domain.selector}._domainkey.${domain.name}`,
    record_value: domain.rsa_record,
  },
];

export function DomainCard({ domain, mayChange }: { domain: Domain; mayChange: boolean }) {
  const { t } = useTranslation('senders');
  const check = useCheckDomain();
  const remove = useDeleteDomain();
  const [isOpen, setOpen] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  return (
    <Card component="section" aria-label={domain.name}>
      <Group justify="space-between" gap="sm" mb="xs">
        <Box miw={0}>
          <Group gap="xs">
            <Title order={2} size="h3" style={{ overflowWrap: 'anywhere' }}>
              {domain.name}
            </Title>
            <HealthBadge domain={domain} />
          </Group>
          <Text size="sm" c="dimmed">
            {domain.checked_at ? t('domains.checked', { ago: formatAgo(domain.checked_at) }) : t('domains.never')}
          </Text>
        </Box>
        {mayChange && (
          <Group gap="xs">
            <Button
              variant={domain.checked_at ? 'default' : 'filled'}
              leftSection={<IconRefresh size={16} />}
              loading={check.isPending}
              onClick={() => check.mutate(domain.name, { onError: toastError })}
            >
              {domain.checked_at ? t('domains.checkAgain') : t('domains.check')}
            </Button>
            <RowActions
              name={domain.name}
              actions={[
                { label: t('domains.settings'), icon: <IconSettings size={16} />, onClick: () => setOpen(true) },
                {
                  label: t('delete'),
                  icon: <IconTrash size={16} />,
                  onClick: () => setDeleting(true),
                  isDangerous: true,
                },
              ]}
            />
          </Group>
        )}
      </Group>
      <ul className={classes.checks}>
        {(domain.checked_at ? domain.checks : firstChecks(domain)).map((item) => (
          <CheckRow key={item.id} check={item} />
        ))}
      </ul>
      <Collapse expanded={isOpen}>
        {isOpen && <DomainSettings domain={domain} onClose={() => setOpen(false)} />}
      </Collapse>
      <ConfirmDialog
        opened={isDeleting}
        title={t('domains.deleteTitle', { name: domain.name })}
        action={t('delete')}
        loading={remove.isPending}
        onClose={() => setDeleting(false)}
        onConfirm={() =>
          remove.mutate(domain.name, { onSuccess: () => toast(t('domains.deleted')), onError: toastError })
        }
      >
        {t('domains.deleteText')}
      </ConfirmDialog>
    </Card>
  );
}
