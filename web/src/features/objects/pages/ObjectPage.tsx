/** One custom object: its records, and its fields and relationships. */
import { ActionIcon, Box, Group, Menu, Skeleton, Tabs, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconCubeOff, IconDots, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '@/api/problems';
import { useMay } from '@/api/session';
import type { Schema } from '@/pickers/records/api';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { LinkAction, LinkButton } from '@/ui/links';
import { Page } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { schemaQuery, useDeleteSchema } from '../api';
import classes from '../objects.module.css';
import { Fields } from '../parts/Fields';
import { Records } from '../parts/Records';
import { Relationships } from '../parts/Relationships';

const tabs = ['records', 'structure'] as const;

export function ObjectPage() {
  const { t } = useTranslation('objects');
  const { id } = useParams({ from: '/_app/objects/$id' });
  const { tab = 'records' } = useSearch({ from: '/_app/objects/$id' });
  const navigate = useNavigate({ from: '/objects/$id' });
  const query = useQuery(schemaQuery(Number(id)));
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
        icon={<IconCubeOff size={26} stroke={1.6} />}
        title={t('gone')}
        description={t('goneText')}
        actions={<LinkButton to="/objects">{t('back')}</LinkButton>}
      />
    );
  }
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} height={520} />;
  const schema = query.data;
  return (
    <Box className={classes.page} px="var(--app-gutter)" pt={24} pb={16}>
      <Head schema={schema} />
      <Tabs
        className={classes.fill}
        value={tab}
        keepMounted={false}
        onChange={(value) =>
          void navigate({ search: { tab: tabs.find((one) => one === value && one !== 'records') }, replace: true })
        }
      >
        <Tabs.List mb="md">
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one} fw={550} fz={13}>
              {t(`tabs.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="records" className={classes.fill}>
          <Records schema={schema} />
        </Tabs.Panel>
        <Tabs.Panel value="structure">
          <div className={classes.two}>
            <Fields schema={schema} />
            <Relationships schema={schema} />
          </div>
        </Tabs.Panel>
      </Tabs>
    </Box>
  );
}

function Head({ schema }: { schema: Schema }) {
  const { t } = useTranslation('objects');
  const navigate = useNavigate();
  const remove = useDeleteSchema();
  const [isAsking, setAsking] = useState(false);
  const mayEdit = useMay('editor');
  const name = schema.plural;
  const confirm = () =>
    remove.mutate(schema.id, {
      onSuccess: () => {
        toast(t('deleted', { name }));
        void navigate({ to: '/objects' });
      },
      onError: (error) => {
        setAsking(false);
        toastError(error);
      },
    });
  return (
    <Group mb="md" gap="md" wrap="nowrap">
      <LinkAction to="/objects" aria-label={t('back')}>
        <IconArrowLeft size={18} />
      </LinkAction>
      <Box flex={1} miw={0}>
        <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Title>
        <Text size="sm" c="dimmed" truncate>
          {schema.description || t('recordCount', { count: schema.record_count })}
        </Text>
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
        action={t('deleteAction')}
        loading={remove.isPending}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        {t('deleteText', { count: schema.record_count })}
      </ConfirmDialog>
    </Group>
  );
}
