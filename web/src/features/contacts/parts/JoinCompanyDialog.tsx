/** Which company a contact joins, and in which role; a company that does not exist yet is made by its name. */
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Named } from '@/pickers/api';
import { CompanyPicker } from '@/pickers/CompanyPicker';
import { toastError } from '@/ui/toast';
import { useCreateCompany, useJoinCompany } from '../work-api';

export function JoinCompanyDialog({ contactId, onClose }: { contactId: number; onClose: () => void }) {
  const { t } = useTranslation('contacts');
  const [company, setCompany] = useState<Named | null>(null);
  const [title, setTitle] = useState('');
  const create = useCreateCompany();
  const join = useJoinCompany(contactId);
  return (
    <Modal opened onClose={onClose} title={t('work.add')} size="sm" closeButtonProps={{ 'aria-label': t('close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (company) join.mutate({ id: company.id, job_title: title }, { onSuccess: onClose, onError: toastError });
        }}
      >
        <Stack gap="md">
          <CompanyPicker
            label={t('work.company')}
            value={company}
            onChange={setCompany}
            onCreate={(name) => create.mutate(name, { onSuccess: setCompany, onError: toastError })}
            data-autofocus
          />
          <TextInput
            label={t('work.jobTitle')}
            maxLength={250}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs" mt={4}>
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" disabled={!company} loading={join.isPending || create.isPending}>
              {t('work.addAction')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
