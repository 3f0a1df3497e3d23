/** Two contacts side by side; each value is taken from one of them. */
import { Badge, Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate } from '@/lib/format';
import { type Contact, type Field, fieldsQuery, nameOf } from '@/pickers/api';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { personQuery, useMerge } from '../api';
import { defaultSide, type PlainName, type Row, rowsOf, type Side } from '../model';
import classes from '../privacy.module.css';

type Props = { firstId: number; secondId: number; onClose: () => void };

export function MergeDialog({ firstId, secondId, onClose }: Props) {
  const { t } = useTranslation('privacy');
  const first = useQuery(personQuery(firstId));
  const second = useQuery(personQuery(secondId));
  const fields = useQuery(fieldsQuery);
  const error = first.error ?? second.error ?? fields.error;
  return (
    <Modal opened onClose={onClose} title={t('merge.title')} size="xl" closeButtonProps={{ 'aria-label': t('close') }}>
      {error ? (
        <ErrorView error={error} />
      ) : first.data && second.data && fields.data ? (
        <Compare first={first.data} second={second.data} fields={fields.data.items} onClose={onClose} />
      ) : (
        <LoadingRows count={5} />
      )}
    </Modal>
  );
}

type CompareProps = { first: Contact; second: Contact; fields: Field[]; onClose: () => void };

function Compare({ first, second, fields, onClose }: CompareProps) {
  const { t } = useTranslation('privacy');
  const merge = useMerge();
  const [chosen, setChosen] = useState<Record<string, Side>>({});
  const rows = rowsOf(first, second, fields);
  const sideOf = (row: Row) => chosen[row.name] ?? defaultSide(row, first, second);
  const run = () => {
    const different = rows.filter((row) => !row.isSame);
    const values = Object.fromEntries(
      different.map((row) => [row.name, sideOf(row) === 'first' ? first.id : second.id]),
    );
    merge.mutate(
      { keep: first.id, contact_ids: [second.id], values },
      {
        onSuccess: (contact) => {
          toast(t('merge.done', { name: nameOf(contact) }));
          onClose();
        },
        onError: toastError,
      },
    );
  };
  return (
    <Stack gap="md">
      <Text size="sm">{t('merge.intro')}</Text>
      <div className={classes.grid}>
        <span aria-hidden className={classes.label} />
        <Head title={t('merge.first')} contact={first} />
        <Head title={t('merge.second')} contact={second} />
        {rows.map((row) => {
          const label = row.label ?? t(`merge.${row.name as PlainName}`);
          return (
            <Fragment key={row.name}>
              <span className={classes.label}>{label}</span>
              {row.isSame ? (
                <span className={classes.same}>{row.first}</span>
              ) : (
                (['first', 'second'] as const).map((side) => (
                  <label
                    key={side}
                    htmlFor={`${row.name}-${side}`}
                    className={classes.choice}
                    data-chosen={sideOf(row) === side || undefined}
                  >
                    <Radio
                      id={`${row.name}-${side}`}
                      size="xs"
                      mt={2}
                      name={row.name}
                      aria-label={`${label}: ${row[side] || t('merge.empty')}`}
                      checked={sideOf(row) === side}
                      onChange={() => setChosen({ ...chosen, [row.name]: side })}
                    />
                    {row[side] || (
                      <Text span c="dimmed" size="sm">
                        {t('merge.empty')}
                      </Text>
                    )}
                  </label>
                ))
              )}
            </Fragment>
          );
        })}
        <span className={classes.label}>{t('merge.tags')}</span>
        <Names names={first.tags} />
        <Names names={second.tags} />
        <span className={classes.label}>{t('merge.lists')}</span>
        <Names names={first.lists} />
        <Names names={second.lists} />
      </div>
      <Text size="sm" c="dimmed">
        {t('merge.kept')}
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button loading={merge.isPending} onClick={run}>
          {t('merge.action')}
        </Button>
      </Group>
    </Stack>
  );
}

function Head({ title, contact }: { title: string; contact: Contact }) {
  const { t } = useTranslation('privacy');
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Text size="xs" c="dimmed">
        {t('merge.added')} {formatDate(contact.created_at)}
      </Text>
    </div>
  );
}

function Names({ names }: { names: { id: number; name: string }[] }) {
  return (
    <Group gap={4} py={6}>
      {names.map((item) => (
        <Badge key={item.id} color="gray" variant="light">
          {item.name}
        </Badge>
      ))}
      {names.length === 0 && (
        <Text size="sm" c="dimmed">
          –
        </Text>
      )}
    </Group>
  );
}
