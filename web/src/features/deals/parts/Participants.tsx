/** Further contacts of a deal, each with a role. */
import { ActionIcon, Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import type { Contact } from '@/pickers/api';
import { ContactPicker } from '@/pickers/ContactPicker';
import type { Deal } from '@/pickers/deals/api';
import { LinkAnchor } from '@/ui/links';
import { toastError } from '@/ui/toast';
import { participantsQuery, useAddParticipant, useRemoveParticipant } from '../api';

export function Participants({ deal }: { deal: Deal }) {
  const { t } = useTranslation('deals');
  const { data } = useQuery(participantsQuery(deal.id));
  const remove = useRemoveParticipant();
  const mayEdit = useMay('editor');
  const people = data?.items ?? [];
  return (
    <Card padding="md">
      <Title order={2} size="h4" mb="xs">
        {t('people.heading')}
      </Title>
      <Stack gap={6}>
        {people.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('people.none')}
          </Text>
        )}
        {people.map((person) => (
          <Group key={person.id} justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <LinkAnchor size="sm" to="/contacts/$id" params={{ id: String(person.contact_id) }}>
                {person.contact_name}
              </LinkAnchor>
              <Text size="xs" c="dimmed">
                {person.role || t('people.noRole')}
              </Text>
            </div>
            {mayEdit && (
              <ActionIcon
                size="sm"
                aria-label={t('people.remove', { name: person.contact_name })}
                onClick={() => remove.mutate(person.id, { onError: toastError })}
              >
                <IconX size={15} />
              </ActionIcon>
            )}
          </Group>
        ))}
        {mayEdit && <AddPerson dealId={deal.id} />}
      </Stack>
    </Card>
  );
}

function AddPerson({ dealId }: { dealId: number }) {
  const { t } = useTranslation('deals');
  const [contact, setContact] = useState<Contact | null>(null);
  const [role, setRole] = useState('');
  const add = useAddParticipant(dealId);
  const save = () =>
    contact &&
    add.mutate(
      { contact_id: contact.id, role },
      {
        onSuccess: () => {
          setContact(null);
          setRole('');
        },
        onError: toastError,
      },
    );
  return (
    <Group gap="xs" align="flex-end" mt={4}>
      <ContactPicker flex={1} size="xs" aria-label={t('people.add')} value={contact} onChange={setContact} />
      {contact && (
        <>
          <TextInput
            w={120}
            size="xs"
            aria-label={t('people.role')}
            placeholder={t('people.role')}
            value={role}
            onChange={(event) => setRole(event.currentTarget.value)}
          />
          <Button size="xs" loading={add.isPending} onClick={save}>
            {t('people.addAction')}
          </Button>
        </>
      )}
    </Group>
  );
}
