/** One company: its facts on the left, who works there and what is noted on the right. */
import { ActionIcon, Anchor, Avatar, Box, Group, Menu, Skeleton, Tabs, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconBuildingOff, IconDots, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '@/api/problems';
import { useMay } from '@/api/session';
import { DealsOf } from '@/pickers/deals/DealsOf';
import { Notes } from '@/pickers/notes/Notes';
import type { Company } from '@/pickers/people';
import { RecordsOf } from '@/pickers/records/RecordsOf';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { LinkAction, LinkButton } from '@/ui/links';
import { Page } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { companyQuery, useDeleteCompany } from '../api';
import classes from '../companies.module.css';
import { CompanyFacts } from '../parts/CompanyFacts';
import { Members } from '../parts/Members';

const tabs = ['members', 'deals', 'records', 'notes'] as const;

export function CompanyPage() {
  const { t } = useTranslation('companies');
  const { id } = useParams({ from: '/_app/companies/$id' });
  const query = useQuery(companyQuery(Number(id)));
  if (query.isPending) {
    return (
      <Page>
        <Skeleton h={52} w={280} mb="lg" />
        <LoadingRows count={8} />
      </Page>
    );
  }
  if (isStatus(query.error, 404) || Number.isNaN(Number(id))) {
    return (
      <EmptyView
        isPage
        icon={<IconBuildingOff size={26} stroke={1.6} />}
        title={t('gone')}
        description={t('goneText')}
        actions={<LinkButton to="/companies">{t('back')}</LinkButton>}
      />
    );
  }
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} height={520} />;
  return (
    <Page>
      <Head company={query.data} />
      <div className={classes.profile}>
        <CompanyFacts company={query.data} />
        <People company={query.data} />
      </div>
    </Page>
  );
}

function Head({ company }: { company: Company }) {
  const { t } = useTranslation('companies');
  const navigate = useNavigate();
  const remove = useDeleteCompany();
  const [isAsking, setAsking] = useState(false);
  const mayEdit = useMay('editor');
  const name = company.name;
  const confirm = () =>
    remove.mutate(company.id, {
      onSuccess: () => {
        toast(t('deleted', { name }));
        void navigate({ to: '/companies' });
      },
      onError: toastError,
    });
  return (
    <Group mb="lg" gap="md" wrap="nowrap">
      <LinkAction to="/companies" aria-label={t('back')}>
        <IconArrowLeft size={18} />
      </LinkAction>
      <Avatar size={52} radius="lg" name={name} color="initials" aria-hidden visibleFrom="xs" />
      <Box flex={1} miw={0}>
        <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Title>
        <Website text={company.website} />
      </Box>
      {mayEdit && (
        <Menu>
          <Menu.Target>
            <ActionIcon aria-label={t('actions')} variant="default" size={34}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
              {t('delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <ConfirmDialog
        opened={isAsking}
        title={t('deleteTitle', { name })}
        action={t('delete')}
        loading={remove.isPending}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        {t('deleteText')}
      </ConfirmDialog>
    </Group>
  );
}

/** Only an address of the web becomes a link, whatever was written there. */
function Website({ text }: { text: string }) {
  const { t } = useTranslation('companies');
  const address = /^https?:\/\//i.test(text) ? text : /^[\w-]+(\.[\w-]+)+(\/|$)/.test(text) ? `https://${text}` : null;
  if (!address) {
    return (
      <Text size="sm" c="dimmed" truncate>
        {text || t('noWebsite')}
      </Text>
    );
  }
  return (
    <Anchor size="sm" c="dimmed" href={address} target="_blank" rel="noreferrer noopener" truncate display="block">
      {text.replace(/^https?:\/\//i, '').replace(/\/$/, '')}
    </Anchor>
  );
}

function People({ company }: { company: Company }) {
  const { t } = useTranslation('companies');
  const { tab = 'members' } = useSearch({ from: '/_app/companies/$id' });
  const navigate = useNavigate({ from: '/companies/$id' });
  return (
    <Tabs
      value={tab}
      keepMounted={false}
      onChange={(value) =>
        void navigate({ search: { tab: tabs.find((one) => one === value && one !== 'members') }, replace: true })
      }
    >
      <Tabs.List mb="md">
        {tabs.map((one) => (
          <Tabs.Tab key={one} value={one} fw={550} fz={13}>
            {t(`tabs.${one}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="members">
        <Members company={company} />
      </Tabs.Panel>
      <Tabs.Panel value="deals">
        <DealsOf company={company} />
      </Tabs.Panel>
      <Tabs.Panel value="records">
        <RecordsOf namespace="company" id={company.id} />
      </Tabs.Panel>
      <Tabs.Panel value="notes">
        <Notes about={`/companies/${company.id}`} />
      </Tabs.Panel>
    </Tabs>
  );
}
