/** The left column of a profile: the contact's own facts and its custom fields, edited in place. */
import { Box, Card, Divider, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatMoment } from '@/lib/format';
import { type Contact, type FieldValue, fieldsQuery } from '@/pickers/api';
import { EditableValue, Fact } from '@/pickers/EditableValue';
import { UserPicker } from '@/pickers/UserPicker';
import { LinkAnchor } from '@/ui/links';
import { toastError } from '@/ui/toast';
import { type ContactInput, useUpdateContact } from '../api';
import { AddressHints } from './AddressHints';
import { PlaceFacts } from './PlaceFacts';

export function Facts({ contact }: { contact: Contact }) {
  const { t } = useTranslation('contacts');
  const { data } = useQuery(fieldsQuery);
  const isReadOnly = !useMay('editor');
  const update = useUpdateContact(contact.id);
  const fields = (data?.items ?? []).filter((field) => field.type !== 'hidden');
  const save = (change: ContactInput) => update.mutate(change, { onError: toastError });
  const textOf = (value: FieldValue) => (value === null ? '' : String(value));

  return (
    <Card padding="md">
      <Title order={2} size="h4" mb={6}>
        {t('profile.facts')}
      </Title>
      <Box component="dl" m={0}>
        <Fact label={t('fields.email')}>
          <EditableValue
            label={t('fields.email')}
            type="email"
            value={contact.email}
            isReadOnly={isReadOnly}
            onSave={(value) => save({ email: textOf(value) || null })}
          />
          <AddressHints contact={contact} onCorrect={isReadOnly ? undefined : (email) => save({ email })} />
        </Fact>
        {(['first_name', 'last_name'] as const).map((name) => (
          <Fact key={name} label={t(`fields.${name}`)}>
            <EditableValue
              label={t(`fields.${name}`)}
              value={contact[name]}
              isReadOnly={isReadOnly}
              onSave={(value) => save({ [name]: textOf(value) })}
            />
          </Fact>
        ))}
        <Fact label={t('fields.phone')}>
          <EditableValue
            label={t('fields.phone')}
            type="phone"
            value={contact.phone}
            isReadOnly={isReadOnly}
            onSave={(value) => save({ phone: textOf(value) })}
          />
        </Fact>
        <Fact label={t('profile.owner')}>
          <UserPicker
            size="xs"
            variant="unstyled"
            pl={8}
            aria-label={t('profile.owner')}
            readOnly={isReadOnly}
            value={contact.owner_id}
            onChange={(owner_id) => save({ owner_id })}
          />
        </Fact>
        <Fact label={t('fields.created_at')}>
          <Text size="sm" px={8} className="num">
            {formatMoment(contact.created_at)}
          </Text>
        </Fact>
      </Box>
      <Divider my="sm" />
      <Title order={2} size="h4" mb={6}>
        {t('profile.place')}
      </Title>
      <PlaceFacts contact={contact} isReadOnly={isReadOnly} onSave={save} />
      <Divider my="sm" />
      <Title order={2} size="h4" mb={6}>
        {t('profile.fields')}
      </Title>
      {fields.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('profile.noFields')}{' '}
          <LinkAnchor to="/contacts/fields" size="sm" underline="always">
            {t('profile.makeFields')}
          </LinkAnchor>
        </Text>
      )}
      <Box component="dl" m={0}>
        {fields.map((field) => (
          <Fact key={field.id} label={field.name}>
            <EditableValue
              label={field.name}
              type={field.type}
              options={field.options}
              value={contact.fields[String(field.id)]}
              isReadOnly={isReadOnly}
              onSave={(value) => save({ fields: { [String(field.id)]: value } })}
            />
          </Fact>
        ))}
      </Box>
    </Card>
  );
}
