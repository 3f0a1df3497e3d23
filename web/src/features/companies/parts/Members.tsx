/** Who works at a company, with the role of each. */
import { ActionIcon, Avatar, Button, Card, Center, Group, Modal, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconPlus, IconUnlink, IconUsers } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { type Contact, nameOf } from '@/pickers/api';
import { ContactPicker } from '@/pickers/ContactPicker';
import { EditableValue } from '@/pickers/EditableValue';
import type { Company } from '@/pickers/people';
import { LinkAnchor } from '@/ui/links';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { type Member, membersQuery, useAddMember, useChangeMember, useRemoveMember } from '../api';
import classes from '../companies.module.css';

export function Members({ company }: { company: Company }) {
  const { t } = useTranslation('companies');
  const query = useInfiniteQuery(membersQuery(company.id));
  const [isAsking, setAsking] = useState(false);
  const mayEdit = useMay('editor');
  const members = query.data?.pages.flatMap((page) => page.items) ?? [];
  const add = mayEdit && (
    <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setAsking(true)}>
      {t('members.add')}
    </Button>
  );
  return (
    <Card padding={0}>
      {query.isPending ? (
        <LoadingRows count={4} />
      ) : query.isError ? (
        <ErrorView error={query.error} onRetry={() => void query.refetch()} />
      ) : members.length === 0 ? (
        <EmptyView
          icon={<IconUsers size={26} stroke={1.6} />}
          title={t('members.none')}
          description={company.domain ? t('members.noneDomain', { domain: company.domain }) : t('members.noneText')}
          actions={add}
          height={240}
        />
      ) : (
        <>
          {add && (
            <Group justify="flex-end" p="xs" style={{ borderBottom: '1px solid var(--app-border)' }}>
              {add}
            </Group>
          )}
          <ul className={classes.members} aria-label={t('tabs.members')}>
            {members.map((member) => (
              <Row key={member.contact_id} companyId={company.id} member={member} mayEdit={mayEdit} />
            ))}
          </ul>
        </>
      )}
      {query.hasNextPage && (
        <Center p="sm">
          <Button
            variant="default"
            size="xs"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('members.more')}
          </Button>
        </Center>
      )}
      {isAsking && <AddMember companyId={company.id} onClose={() => setAsking(false)} />}
    </Card>
  );
}

function Row({ companyId, member, mayEdit }: { companyId: number; member: Member; mayEdit: boolean }) {
  const { t } = useTranslation('companies');
  const change = useChangeMember(companyId);
  const remove = useRemoveMember(companyId);
  const name = nameOf({ id: member.contact_id, ...member });
  const label = t('members.remove', { name });
  return (
    <li className={classes.member}>
      <Group gap="sm" wrap="nowrap" miw={0}>
        <Avatar size={30} name={name} color="initials" aria-hidden />
        <div className={classes.name}>
          <LinkAnchor to="/contacts/$id" params={{ id: String(member.contact_id) }} size="sm" fw={600} truncate>
            {name}
          </LinkAnchor>
          <Text size="xs" c="dimmed" truncate>
            {member.email ?? member.phone}
          </Text>
        </div>
      </Group>
      <EditableValue
        label={t('members.role', { name })}
        placeholder={t('members.addRole')}
        value={member.job_title}
        isReadOnly={!mayEdit}
        onSave={(value) =>
          change.mutate({ contact_id: member.contact_id, job_title: String(value ?? '') }, { onError: toastError })
        }
      />
      {mayEdit && (
        <Tooltip label={label}>
          <ActionIcon aria-label={label} onClick={() => remove.mutate(member.contact_id, { onError: toastError })}>
            <IconUnlink size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </li>
  );
}

function AddMember({ companyId, onClose }: { companyId: number; onClose: () => void }) {
  const { t } = useTranslation('companies');
  const [contact, setContact] = useState<Contact | null>(null);
  const [title, setTitle] = useState('');
  const add = useAddMember(companyId);
  return (
    <Modal opened onClose={onClose} title={t('members.add')} size="sm" closeButtonProps={{ 'aria-label': t('close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (contact) {
            const body = { contact_ids: [contact.id], job_title: title };
            add.mutate(body, { onSuccess: onClose, onError: toastError });
          }
        }}
      >
        <Stack gap="md">
          <ContactPicker label={t('members.contact')} value={contact} onChange={setContact} data-autofocus />
          <TextInput
            label={t('members.jobTitle')}
            maxLength={250}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs" mt={4}>
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" disabled={!contact} loading={add.isPending}>
              {t('members.addAction')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
