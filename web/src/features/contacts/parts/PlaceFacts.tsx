/** Where the contact is: chosen from what the browser knows of the world, or typed. */
import { Box, Select } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { countryOptions, languageOptions, zoneOptions } from '@/lib/places';
import type { Contact } from '@/pickers/api';
import { EditableValue, Fact } from '@/pickers/EditableValue';
import type { ContactInput } from '../api';

type Props = { contact: Contact; isReadOnly: boolean; onSave: (change: ContactInput) => void };

const look = { input: { fontSize: 13 } };

export function PlaceFacts({ contact, isReadOnly, onSave }: Props) {
  const { t, i18n } = useTranslation('contacts');
  const chosen = useMemo(
    () =>
      [
        ['country', countryOptions(i18n.language)],
        ['language', languageOptions(i18n.language, contact.language)],
        ['time_zone', zoneOptions(contact.time_zone)],
      ] as const,
    [i18n.language, contact.language, contact.time_zone],
  );
  return (
    <Box component="dl" m={0}>
      {(['city', 'postal_code', 'region'] as const).map((name) => (
        <Fact key={name} label={t(`fields.${name}`)}>
          <EditableValue
            label={t(`fields.${name}`)}
            value={contact[name]}
            isReadOnly={isReadOnly}
            onSave={(value) => onSave({ [name]: value === null ? '' : String(value) })}
          />
        </Fact>
      ))}
      {chosen.map(([name, data]) => (
        <Fact key={name} label={t(`fields.${name}`)}>
          <Select
            size="xs"
            pl={8}
            variant="unstyled"
            searchable
            clearable
            limit={100}
            styles={look}
            aria-label={t(`fields.${name}`)}
            placeholder={t(name === 'time_zone' ? 'profile.workspaceZone' : 'profile.unknown')}
            nothingFoundMessage={t('structure.nothingFound')}
            clearButtonProps={{ 'aria-label': t('profile.clear', { label: t(`fields.${name}`) }) }}
            readOnly={isReadOnly}
            data={data}
            value={contact[name] || null}
            onChange={(value) => onSave({ [name]: value ?? '' })}
          />
        </Fact>
      ))}
    </Box>
  );
}
