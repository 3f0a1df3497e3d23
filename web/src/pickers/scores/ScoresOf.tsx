/** A contact's scores; pressing one says what it is made of and lets points be given by hand. */
import {
  Badge,
  Button,
  Card,
  Group,
  Modal,
  NumberInput,
  Stack,
  Text,
  TextInput,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatDate, formatNumber } from '@/lib/format';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { type Award, awardsQuery, type ContactScore, contactScoresQuery, useAdjustScore } from './api';
import classes from './scores.module.css';

const signed = (points: number) => `${points > 0 ? '+' : ''}${formatNumber(points)}`;

export function ScoresOf({ contactId }: { contactId: number }) {
  const { t } = useTranslation('pickers');
  const { data } = useQuery(contactScoresQuery(contactId));
  const [shown, setShown] = useState<ContactScore | null>(null);
  const scores = data?.items ?? [];
  if (scores.length === 0) return null;
  return (
    <Card padding="md">
      <Title order={2} size="h4" mb="xs">
        {t('scores.heading')}
      </Title>
      <Stack gap={2}>
        {scores.map((score) => (
          <UnstyledButton
            key={score.score_id}
            className={classes.score}
            aria-label={t('scores.why', { name: score.name, points: score.points })}
            onClick={() => setShown(score)}
          >
            <Text size="sm">{score.name}</Text>
            <Badge size="lg" variant="light" color={score.points > 0 ? 'teal' : 'gray'} className="num">
              {formatNumber(score.points)}
            </Badge>
          </UnstyledButton>
        ))}
      </Stack>
      <Modal
        opened={shown !== null}
        onClose={() => setShown(null)}
        title={shown?.name}
        closeButtonProps={{ 'aria-label': t('deals.close') }}
      >
        {shown && <Awards contactId={contactId} scoreId={shown.score_id} />}
      </Modal>
    </Card>
  );
}

function Awards({ contactId, scoreId }: { contactId: number; scoreId: number }) {
  const { t } = useTranslation('pickers');
  const query = useInfiniteQuery(awardsQuery(contactId, scoreId));
  const total = useQuery(contactScoresQuery(contactId)).data?.items.find((one) => one.score_id === scoreId)?.points;
  const mayEdit = useMay('editor');
  if (query.isPending) return <LoadingRows count={3} />;
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />;
  const awards = query.data.pages.flatMap((page) => page.items);
  return (
    <Stack gap="md">
      <Text fw={650} fz={28} className="num" lh={1}>
        {t('scores.points', { count: total ?? 0 })}
      </Text>
      {awards.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('scores.none')}
        </Text>
      ) : (
        <ul className={classes.awards}>
          {awards.map((award) => (
            <AwardLine key={award.id} award={award} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Button variant="default" size="xs" onClick={() => void query.fetchNextPage()}>
          {t('scores.more')}
        </Button>
      )}
      {mayEdit && <Adjust contactId={contactId} scoreId={scoreId} />}
    </Stack>
  );
}

function AwardLine({ award }: { award: Award }) {
  const { t } = useTranslation('pickers');
  const end = award.over_at
    ? t('scores.over', { date: formatDate(award.over_at) })
    : award.expires_at && t('scores.until', { date: formatDate(award.expires_at) });
  return (
    <li data-over={award.over_at ? true : undefined}>
      <div>
        <Text size="sm">{award.sentence || award.reason || t('scores.byHand')}</Text>
        <Text size="xs" c="dimmed">
          {[formatDate(award.given_at), end].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <Text size="sm" fw={650} className="num" c={award.over_at ? 'dimmed' : award.points > 0 ? 'teal' : 'red'}>
        {signed(award.points)}
      </Text>
    </li>
  );
}

function Adjust({ contactId, scoreId }: { contactId: number; scoreId: number }) {
  const { t } = useTranslation('pickers');
  const [points, setPoints] = useState<number>(10);
  const [reason, setReason] = useState('');
  const adjust = useAdjustScore(contactId);
  return (
    <Group gap="xs" align="flex-end">
      <NumberInput
        w={100}
        label={t('scores.give')}
        value={points}
        onChange={(value) => setPoints(Number(value) || 0)}
      />
      <TextInput
        flex={1}
        label={t('scores.reason')}
        maxLength={250}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button
        disabled={points === 0}
        loading={adjust.isPending}
        onClick={() =>
          adjust.mutate({ scoreId, points, reason }, { onSuccess: () => setReason(''), onError: toastError })
        }
      >
        {t('scores.giveAction')}
      </Button>
    </Group>
  );
}
