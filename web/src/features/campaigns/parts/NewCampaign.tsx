/** Begin a campaign: choose its kind, then the wizard opens. */
import { Button, Modal, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toastError } from '@/ui/toast';
import { type CampaignKind, useCreateCampaign } from '../api';
import { kinds } from '../model';

export function NewCampaign() {
  const { t } = useTranslation('campaigns');
  const [isOpen, setOpen] = useState(false);
  const create = useCreateCampaign();
  const navigate = useNavigate();
  const begin = (kind: CampaignKind) =>
    create.mutate(
      { name: t('newName'), kind, ...(kind === 'split' ? { variants: [{}, {}] } : {}) },
      {
        onSuccess: (made) => void navigate({ to: '/campaigns/$id', params: { id: String(made.id) } }),
        onError: toastError,
      },
    );
  return (
    <>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen(true)}>
        {t('create')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('createTitle')}
        closeButtonProps={{ 'aria-label': t('cancelDialog') }}
      >
        <Stack>
          {kinds.map((kind) => (
            <UnstyledButton key={kind} className="card" p="md" onClick={() => begin(kind)}>
              <Text fw={600}>{t(`kinds.${kind}`)}</Text>
              <Text size="sm" c="dimmed">
                {t(`kindTexts.${kind}`)}
              </Text>
            </UnstyledButton>
          ))}
        </Stack>
      </Modal>
    </>
  );
}
