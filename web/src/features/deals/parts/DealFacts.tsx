/** The left column of a deal's page: its facts and custom fields, edited in place. */
import { Box, Card, Divider, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatMoment } from '@/lib/format';
import type { Contact } from '@/pickers/api';
import { CompanyPicker } from '@/pickers/CompanyPicker';
import { ContactPicker } from '@/pickers/ContactPicker';
import { type Deal, type DealInput, dealFieldsQuery, useUpdateDeal } from '@/pickers/deals/api';
import { fromUnits, toUnits } from '@/pickers/deals/money';
import { EditableValue, Fact } from '@/pickers/EditableValue';
import { UserPicker } from '@/pickers/UserPicker';
import { LinkAnchor } from '@/ui/links';
import { toastError } from '@/ui/toast';

export function DealFacts({ deal }: { deal: Deal }) {
  const { t } = useTranslation('deals');
  const { data } = useQuery(dealFieldsQuery);
  const isReadOnly = !useMay('editor');
  const update = useUpdateDeal();
  const save = (change: DealInput) => update.mutate({ id: deal.id, ...change }, { onError: toastError });
  const fields = (data?.items ?? []).filter((field) => field.type !== 'hidden');
  return (
    <Card padding="md">
      <Title order={2} size="h4" mb={6}>
        {t('facts.heading')}
      </Title>
      <Box component="dl" m={0}>
        <Fact label={t('facts.title')}>
          <EditableValue
            label={t('facts.title')}
            value={deal.title}
            isReadOnly={isReadOnly}
            onSave={(value) => save({ title: String(value ?? '') })}
          />
        </Fact>
        <Fact label={t('facts.value', { currency: deal.currency })}>
          <EditableValue
            label={t('facts.value', { currency: deal.currency })}
            type="number"
            value={toUnits(deal.value, deal.currency)}
            isReadOnly={isReadOnly}
            onSave={(value) => save({ value: fromUnits(Number(value ?? 0), deal.currency) })}
          />
        </Fact>
        <Fact label={t('facts.contact')}>
          <Person
            deal={deal}
            isReadOnly={isReadOnly}
            onChange={(contact) => save({ contact_id: contact?.id ?? null })}
          />
        </Fact>
        <Fact label={t('facts.company')}>
          <CompanyPicker
            size="xs"
            variant="unstyled"
            pl={8}
            clearable
            clearButtonProps={{ 'aria-label': t('clear') }}
            aria-label={t('facts.company')}
            readOnly={isReadOnly}
            value={deal.company_id === null ? null : { id: deal.company_id, name: deal.company_name ?? '' }}
            onChange={(company) => save({ company_id: company?.id ?? null })}
          />
        </Fact>
        <Fact label={t('facts.owner')}>
          <UserPicker
            size="xs"
            variant="unstyled"
            pl={8}
            aria-label={t('facts.owner')}
            readOnly={isReadOnly}
            value={deal.owner_id}
            onChange={(owner_id) => save({ owner_id })}
          />
        </Fact>
        <Fact label={t('facts.expected')}>
          <EditableValue
            label={t('facts.expected')}
            type="date"
            value={deal.expected_on}
            isReadOnly={isReadOnly}
            onSave={(value) => save({ expected_on: value ? String(value) : null })}
          />
        </Fact>
        <Fact label={t('facts.probability')}>
          <EditableValue
            label={t('facts.probability')}
            type="number"
            value={deal.probability}
            placeholder={t('facts.byStage')}
            isReadOnly={isReadOnly}
            onSave={(value) => save({ probability: value === null ? null : Math.round(Number(value)) })}
          />
        </Fact>
        <Fact label={t('facts.description')}>
          <EditableValue
            label={t('facts.description')}
            type="textarea"
            value={deal.description}
            isReadOnly={isReadOnly}
            onSave={(value) => save({ description: String(value ?? '') })}
          />
        </Fact>
        <Fact label={t('facts.created')}>
          <Text size="sm" px={8} className="num">
            {formatMoment(deal.created_at)}
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
              value={deal.fields[String(field.id)]}
              isReadOnly={isReadOnly}
              onSave={(value) => save({ fields: { [String(field.id)]: value } })}
            />
          </Fact>
        ))}
      </Box>
    </Card>
  );
}

type PersonProps = { deal: Deal; isReadOnly: boolean; onChange: (contact: Contact | null) => void };

function Person({ deal, isReadOnly, onChange }: PersonProps) {
  const { t } = useTranslation('deals');
  return (
    <>
      {deal.contact_id !== null && (
        <LinkAnchor size="sm" px={8} to="/contacts/$id" params={{ id: String(deal.contact_id) }}>
          {deal.contact_name}
        </LinkAnchor>
      )}
      {!isReadOnly && (
        <ContactPicker
          size="xs"
          variant="unstyled"
          pl={8}
          aria-label={t('facts.contact')}
          placeholder={t(deal.contact_id === null ? 'facts.chooseContact' : 'facts.otherContact')}
          value={null}
          onChange={onChange}
        />
      )}
    </>
  );
}
