/** The companies of one contact, each with the role there; the star marks the primary one. */
import { ActionIcon, Card, Group, Menu, Stack, Text, Title, Tooltip } from '@mantine/core';
import { IconBuilding, IconDots, IconPlus, IconStar, IconStarFilled, IconUnlink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { EditableValue } from '@/pickers/EditableValue';
import { LinkAnchor } from '@/ui/links';
import { toastError } from '@/ui/toast';
import { useChangeWorkplace, useLeaveCompany, type Workplace, workplacesQuery } from '../work-api';
import { JoinCompanyDialog } from './JoinCompanyDialog';

export function Work({ contactId }: { contactId: number }) {
  const { t } = useTranslation('contacts');
  const { data } = useQuery(workplacesQuery(contactId));
  const [isAsking, setAsking] = useState(false);
  const mayEdit = useMay('editor');
  const places = data?.items ?? [];
  return (
    <Card padding="md">
      <Group justify="space-between" mb={6}>
        <Title order={2} size="h4">
          {t('work.title')}
        </Title>
        {mayEdit && (
          <Tooltip label={t('work.add')}>
            <ActionIcon aria-label={t('work.add')} onClick={() => setAsking(true)}>
              <IconPlus size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      <Stack gap={8}>
        {places.map((place) => (
          <Place
            key={place.company_id}
            place={place}
            contactId={contactId}
            isOnly={places.length === 1}
            mayEdit={mayEdit}
          />
        ))}
        {data && places.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('work.none')}
          </Text>
        )}
      </Stack>
      {isAsking && <JoinCompanyDialog contactId={contactId} onClose={() => setAsking(false)} />}
    </Card>
  );
}

type PlaceProps = { place: Workplace; contactId: number; isOnly: boolean; mayEdit: boolean };

function Place({ place, contactId, isOnly, mayEdit }: PlaceProps) {
  const { t } = useTranslation('contacts');
  const change = useChangeWorkplace(contactId);
  const leave = useLeaveCompany(contactId);
  const id = place.company_id;
  return (
    <Group gap={2} wrap="nowrap" align="flex-start">
      <IconBuilding size={17} stroke={1.6} style={{ marginTop: 3, flex: 'none' }} aria-hidden />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Group gap={5} wrap="nowrap" pl={8}>
          <LinkAnchor to="/companies/$id" params={{ id: String(id) }} size="sm" fw={600} truncate>
            {place.name}
          </LinkAnchor>
          {place.is_primary && !isOnly && (
            <Tooltip label={t('work.primary')}>
              <IconStarFilled
                size={13}
                role="img"
                aria-label={t('work.primary')}
                color="var(--mantine-color-yellow-6)"
              />
            </Tooltip>
          )}
        </Group>
        <EditableValue
          label={t('work.role', { name: place.name })}
          placeholder={t('work.addRole')}
          value={place.job_title}
          isReadOnly={!mayEdit}
          onSave={(value) => change.mutate({ id, job_title: String(value ?? '') }, { onError: toastError })}
        />
      </div>
      {mayEdit && (
        <Menu>
          <Menu.Target>
            <ActionIcon size="sm" aria-label={t('work.actions', { name: place.name })}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {!place.is_primary && (
              <Menu.Item
                leftSection={<IconStar size={15} />}
                onClick={() => change.mutate({ id, is_primary: true }, { onError: toastError })}
              >
                {t('work.makePrimary')}
              </Menu.Item>
            )}
            <Menu.Item
              color="red"
              leftSection={<IconUnlink size={15} />}
              onClick={() => leave.mutate(id, { onError: toastError })}
            >
              {t('work.leave')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}
