/** One score: its rules, whether it counts, and how contacts are spread over points. */
import { Badge, Button, Card, Group, Loader, Skeleton, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { IconArrowLeft, IconPlus, IconStarOff, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '@/api/problems';
import { useMay } from '@/api/session';
import { formatNumber } from '@/lib/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { LinkAction, LinkButton } from '@/ui/links';
import { Page } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { type Rule, type ScoreDetail, scoreQuery, useDeleteScore, useUpdateScore } from '../api';
import { Bars } from '../parts/Bars';
import { RuleDialog } from '../parts/RuleDialog';
import { RuleLine } from '../parts/RuleLine';
import classes from '../scores.module.css';

export function ScorePage() {
  const { t } = useTranslation('scores');
  const { id } = useParams({ from: '/_app/scores/$id' });
  const query = useQuery(scoreQuery(Number(id)));
  if (query.isPending) {
    return (
      <Page>
        <Skeleton h={52} w={280} mb="lg" />
        <LoadingRows count={6} />
      </Page>
    );
  }
  if (isStatus(query.error, 404) || Number.isNaN(Number(id))) {
    return (
      <EmptyView
        isPage
        icon={<IconStarOff size={26} stroke={1.6} />}
        title={t('gone')}
        description={t('goneText')}
        actions={<LinkButton to="/scores">{t('back')}</LinkButton>}
      />
    );
  }
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} height={520} />;
  return (
    <Page width={980}>
      <Head detail={query.data} />
      <Stack gap="md">
        <Rules detail={query.data} />
        <Bars detail={query.data} />
      </Stack>
    </Page>
  );
}

function Head({ detail: { score } }: { detail: ScoreDetail }) {
  const { t } = useTranslation('scores');
  const navigate = useNavigate();
  const update = useUpdateScore(score.id);
  const remove = useDeleteScore();
  const [isAsking, setAsking] = useState(false);
  const mayEdit = useMay('editor');
  const confirm = () => {
    void navigate({ to: '/scores' });
    remove.mutate(score.id, { onSuccess: () => toast(t('deleted', { name: score.name })), onError: toastError });
  };
  return (
    <Group mb="lg" gap="md" wrap="wrap">
      <LinkAction to="/scores" aria-label={t('back')}>
        <IconArrowLeft size={18} />
      </LinkAction>
      <div className={classes.title}>
        <Title order={1} size="h2">
          {score.name}
        </Title>
        {mayEdit ? (
          <TextInput
            key={score.description}
            variant="unstyled"
            size="sm"
            maw={420}
            aria-label={t('description')}
            placeholder={t('describe')}
            defaultValue={score.description}
            onBlur={(event) => {
              const description = event.currentTarget.value.trim();
              if (description !== score.description) update.mutate({ description }, { onError: toastError });
            }}
          />
        ) : (
          <Text size="sm" c="dimmed">
            {score.description}
          </Text>
        )}
      </div>
      {mayEdit && (
        <Group gap="md">
          <Switch
            label={t('counts')}
            checked={score.is_active}
            onChange={(event) => update.mutate({ is_active: event.currentTarget.checked }, { onError: toastError })}
          />
          <Button variant="default" color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
            {t('delete')}
          </Button>
        </Group>
      )}
      <ConfirmDialog
        opened={isAsking}
        title={t('deleteTitle', { name: score.name })}
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

function Rules({ detail: { score, rules } }: { detail: ScoreDetail }) {
  const { t } = useTranslation('scores');
  const [editing, setEditing] = useState<Rule | 'new' | null>(null);
  const mayEdit = useMay('editor');
  return (
    <Card padding="lg">
      <Group justify="space-between" mb="xs">
        <Group gap="xs">
          <Title order={2} size="h4">
            {t('rules')}
          </Title>
          {!score.is_ready && (
            <Badge variant="light" leftSection={<Loader size={10} />} role="status">
              {t('working')}
            </Badge>
          )}
        </Group>
        {mayEdit && (
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setEditing('new')}>
            {t('rule.add')}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t('rulesHint', { count: score.contact_count, shown: formatNumber(score.contact_count) })}
      </Text>
      {rules.length === 0 ? (
        <Text size="sm">{t('noRules')}</Text>
      ) : (
        <ul className={classes.rules}>
          {rules.map((rule) => (
            <RuleLine key={rule.id} rule={rule} mayEdit={mayEdit} onEdit={() => setEditing(rule)} />
          ))}
        </ul>
      )}
      <RuleDialog scoreId={score.id} rule={editing} onClose={() => setEditing(null)} />
    </Card>
  );
}
