/** Why a deal was lost; the reasons are counted in the report. */
import { Autocomplete, Button, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Deal } from '@/pickers/deals/api';

type Props = { deal: Deal | null; onClose: () => void; onLose: (deal: Deal, reason: string) => void };

export function LoseDialog({ deal, onClose, onLose }: Props) {
  const { t } = useTranslation('deals');
  const [reason, setReason] = useState('');
  const usual = (['price', 'competitor', 'timing', 'need', 'silence'] as const).map((one) => t(`reasons.${one}`));
  return (
    <Modal
      opened={deal !== null}
      onClose={onClose}
      title={t('loseTitle', { title: deal?.title ?? '' })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (deal) onLose(deal, reason.trim());
          setReason('');
          onClose();
        }}
      >
        <Stack gap="md">
          <Autocomplete
            data-autofocus
            label={t('reason')}
            description={t('reasonHint')}
            data={usual}
            maxLength={250}
            comboboxProps={{ shadow: 'md' }}
            value={reason}
            onChange={setReason}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" color="red">
              {t('lose')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
