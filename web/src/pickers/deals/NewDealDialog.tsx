/** A new deal: a title is enough; pipeline and stage are where the button was. */
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError, messageOf } from '@/api/problems';
import { toast } from '@/ui/toast';
import { type Contact, type Named, nameOf } from '../api';
import { CompanyPicker } from '../CompanyPicker';
import { ContactPicker } from '../ContactPicker';
import { UserPicker } from '../UserPicker';
import { type Deal, pipelinesQuery, useCreateDeal } from './api';
import { MoneyInput } from './MoneyInput';

type Place = { stageId?: number; contact?: Contact; company?: Named };
type Props = { place: Place | null; onClose: () => void; onMade?: (deal: Deal) => void };

export function NewDealDialog({ place, onClose, onMade }: Props) {
  const { t } = useTranslation('pickers');
  return (
    <Modal
      opened={place !== null}
      onClose={onClose}
      title={t('deals.new')}
      closeButtonProps={{ 'aria-label': t('deals.close') }}
    >
      {place && <DealForm place={place} onClose={onClose} onMade={onMade} />}
    </Modal>
  );
}

function DealForm({ place, onClose, onMade }: Props & { place: Place }) {
  const { t } = useTranslation('pickers');
  const { data } = useQuery(pipelinesQuery);
  const create = useCreateDeal();
  const pipelines = data?.items ?? [];
  const stages = pipelines.flatMap((pipeline) => pipeline.stages);
  const form = useForm({
    initialValues: {
      title: '',
      value: 0,
      currency: '',
      stage_id: place.stageId ?? null,
      contact: place.contact ?? (null as Contact | null),
      company: place.company ?? (null as Named | null),
      owner_id: null as number | null,
      expected_on: '',
    },
    validate: { title: (value) => (value.trim() ? null : t('deals.required')) },
  });
  const stageId = form.values.stage_id ?? stages[0]?.id ?? null;
  const pipeline = pipelines.find((one) => one.stages.some((stage) => stage.id === stageId));
  const currency = form.values.currency || pipeline?.currency || 'USD';
  const submit = ({ contact, company, expected_on, ...values }: typeof form.values) =>
    create.mutate(
      {
        ...values,
        currency,
        stage_id: stageId ?? undefined,
        contact_id: contact?.id ?? null,
        company_id: company?.id ?? null,
        expected_on: expected_on || null,
      },
      {
        onSuccess: (deal) => {
          toast(t('deals.added', { title: deal.title }));
          onClose();
          onMade?.(deal);
        },
        onError: (error) => {
          const fields = error instanceof ApiError ? error.fields : {};
          form.setErrors(
            Object.keys(fields).some((name) => name in form.values) ? fields : { title: messageOf(error) },
          );
        },
      },
    );
  return (
    <form noValidate onSubmit={form.onSubmit(submit)}>
      <Stack gap="md">
        <TextInput
          label={t('deals.title')}
          required
          data-autofocus
          autoComplete="off"
          {...form.getInputProps('title')}
        />
        <MoneyInput
          value={form.values.value}
          currency={currency}
          error={form.errors.currency ?? form.errors.value}
          onChange={(value, next) => form.setValues({ value, currency: next })}
        />
        <Select
          label={t('deals.stage')}
          data={pipelines.map((one) => ({
            group: one.name,
            items: one.stages.map((stage) => ({ value: String(stage.id), label: stage.name })),
          }))}
          allowDeselect={false}
          comboboxProps={{ shadow: 'md' }}
          value={stageId === null ? null : String(stageId)}
          onChange={(id) => form.setFieldValue('stage_id', Number(id))}
        />
        <ContactPicker
          label={t('deals.contact')}
          placeholder={form.values.contact ? nameOf(form.values.contact) : undefined}
          value={form.values.contact}
          onChange={(contact) => form.setFieldValue('contact', contact)}
        />
        <Group grow align="flex-start">
          <CompanyPicker
            label={t('deals.company')}
            clearable
            clearButtonProps={{ 'aria-label': t('clear') }}
            value={form.values.company}
            onChange={(company) => form.setFieldValue('company', company)}
          />
          <UserPicker
            label={t('deals.owner')}
            value={form.values.owner_id}
            onChange={(owner) => form.setFieldValue('owner_id', owner)}
          />
        </Group>
        <TextInput type="date" label={t('deals.expected')} {...form.getInputProps('expected_on')} />
        <Group justify="flex-end" gap="xs" mt={4}>
          <Button variant="default" onClick={onClose}>
            {t('deals.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('deals.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
