/** The left column of a company's page: its own facts and its custom fields, edited in place. */
import { Box, Card, Divider, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatMoment } from '@/lib/format';
import { EditableValue, Fact } from '@/pickers/EditableValue';
import type { Company } from '@/pickers/people';
import { UserPicker } from '@/pickers/UserPicker';
import { toastError } from '@/ui/toast';
import { type CompanyInput, companyFieldsQuery, useUpdateCompany } from '../api';

export function CompanyFacts({ company }: { company: Company }) {
  const { t } = useTranslation('companies');
  const { data } = useQuery(companyFieldsQuery);
  const isReadOnly = !useMay('editor');
  const update = useUpdateCompany(company.id);
  const save = (change: CompanyInput) => update.mutate(change, { onError: toastError });
  const fields = (data?.items ?? []).filter((field) => field.type !== 'hidden');

  return (
    <Card padding="md">
      <Title order={2} size="h4" mb={6}>
        {t('facts')}
      </Title>
      <Box component="dl" m={0}>
        <Fact label={t('fields.name')}>
          <EditableValue
            label={t('fields.name')}
            value={company.name}
            isReadOnly={isReadOnly}
            onSave={(value) => save({ name: String(value ?? '') })}
          />
        </Fact>
        <Fact label={t('fields.website')}>
          <EditableValue
            label={t('fields.website')}
            value={company.website}
            isReadOnly={isReadOnly}
            onSave={(value) => save({ website: String(value ?? '') })}
          />
        </Fact>
        <Fact label={t('fields.domain')}>
          <EditableValue
            label={t('fields.domain')}
            value={company.domain}
            isReadOnly={isReadOnly}
            onSave={(value) => save({ domain: value ? String(value) : null })}
          />
        </Fact>
        <Fact label={t('fields.owner')}>
          <UserPicker
            size="xs"
            variant="unstyled"
            pl={8}
            aria-label={t('fields.owner')}
            readOnly={isReadOnly}
            value={company.owner_id}
            onChange={(owner_id) => save({ owner_id })}
          />
        </Fact>
        <Fact label={t('fields.created_at')}>
          <Text size="sm" px={8} className="num">
            {formatMoment(company.created_at)}
          </Text>
        </Fact>
      </Box>
      {fields.length > 0 && <Divider my="sm" />}
      <Box component="dl" m={0}>
        {fields.map((field) => (
          <Fact key={field.id} label={field.name}>
            <EditableValue
              label={field.name}
              type={field.type}
              options={field.options}
              value={company.fields[String(field.id)]}
              isReadOnly={isReadOnly}
              onSave={(value) => save({ fields: { [String(field.id)]: value } })}
            />
          </Fact>
        ))}
      </Box>
    </Card>
  );
}
