/** How many contacts meet the condition as it stands, a few of them, and how long the answer took. */
import { Avatar, Box, Group, Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { formatNames, formatNumber } from '@/lib/format';
import { nameOf } from '../api';
import classes from './conditions.module.css';
import type { LiveCount as Live } from './use-live-count';

export function LiveCount({ live, unfinished }: { live: Live; unfinished: number }) {
  const { t } = useTranslation('pickers');
  const { data, error, isLoading } = live;
  const milliseconds = data ? Math.max(1, Math.round(data.milliseconds)) : 0;
  return (
    <div className={classes.count} data-loading={isLoading || undefined}>
      <Box role="status">
        {data && !error ? (
          <Text component="span" size="sm">
            <Text component="strong" size="lg" fw={650} className="num" mr={5}>
              {formatNumber(data.count)}
            </Text>
            {t('count.match', { count: data.count })}
          </Text>
        ) : (
          <Text component="span" size="sm" c={error ? 'var(--mantine-color-error)' : 'dimmed'}>
            {error ? (live.isAboutParts ? t('count.wrong') : messageOf(error)) : t('count.counting')}
          </Text>
        )}
      </Box>
      {data && !error && data.sample.length > 0 && (
        <Tooltip label={formatNames(data.sample.map(nameOf))} multiline maw={280}>
          <Avatar.Group
            spacing={6}
            role="img"
            aria-label={t('count.sample', { names: formatNames(data.sample.map(nameOf)) })}
          >
            {data.sample.map((contact) => (
              <Avatar key={contact.id} size={24} name={nameOf(contact)} color="initials" aria-hidden />
            ))}
          </Avatar.Group>
        </Tooltip>
      )}
      <Group gap={10} ml="auto">
        {unfinished > 0 && (
          <Text size="xs" c="dimmed">
            {t('count.unfinished', { count: unfinished })}
          </Text>
        )}
        {data && !error && (
          <Text size="xs" c="dimmed" className="num">
            {t('count.took', { milliseconds: formatNumber(milliseconds) })}
          </Text>
        )}
      </Group>
    </div>
  );
}
