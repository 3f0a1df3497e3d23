/** The number of contacts beside the conditions, with a few of them. */
import { Avatar, Box, Card, Loader, Text } from '@mantine/core';
import { IconUserSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { formatNumber } from '@/lib/format';
import { nameOf } from '@/pickers/api';
import type { Counting } from '@/pickers/ConditionBuilder';
import { LinkAnchor } from '@/ui/links';
import classes from '../segments.module.css';

export function CountPanel({ data, error, isAboutParts, isLoading, unfinished }: Counting) {
  const { t } = useTranslation('segments');
  const took = data ? Math.max(1, Math.round(data.milliseconds)) : 0;
  return (
    <Card padding="md" component="section" aria-label={t('count.label')}>
      <Box pos="absolute" top={14} right={14}>
        {isLoading && <Loader size={14} color="gray" aria-hidden />}
      </Box>
      <div role="status">
        <div className={`num ${classes.figure}`} data-loading={isLoading || undefined}>
          {data && !error ? formatNumber(data.count) : '–'}
        </div>
        <Text size="sm" c={error ? 'var(--mantine-color-error)' : 'dimmed'}>
          {error ? (isAboutParts ? t('count.wrong') : messageOf(error)) : t('count.match', { count: data?.count ?? 0 })}
        </Text>
      </div>
      <Text size="xs" c="dimmed" mt={2} className="num">
        {data && !error && t('count.took', { milliseconds: formatNumber(took) })}
        {unfinished > 0 && ` · ${t('count.unfinished', { count: unfinished })}`}
      </Text>
      {data && !error && data.plan.length > 0 && (
        <details className={classes.plan}>
          <summary>{t('count.plan')}</summary>
          <ol>
            {data.plan.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a plan have no identity but their place
              <li key={index}>{line}</li>
            ))}
          </ol>
        </details>
      )}
      {data && !error && data.sample.length > 0 && (
        <>
          <Text size="xs" fw={600} c="dimmed" mt="md" mb={2}>
            {t('count.sample')}
          </Text>
          <ul className={classes.sample}>
            {data.sample.map((contact) => (
              <li key={contact.id}>
                <Avatar size={28} name={nameOf(contact)} color="initials" aria-hidden />
                <Box miw={0}>
                  <LinkAnchor
                    to="/contacts/$id"
                    params={{ id: String(contact.id) }}
                    size="sm"
                    fw={550}
                    c="var(--mantine-color-text)"
                    truncate
                    display="block"
                  >
                    {nameOf(contact)}
                  </LinkAnchor>
                  <Text size="xs" c="dimmed" truncate>
                    {contact.email}
                  </Text>
                </Box>
              </li>
            ))}
          </ul>
        </>
      )}
      {data && !error && data.count === 0 && (
        <Text size="sm" c="dimmed" mt="md" component="div" style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
          <IconUserSearch size={18} stroke={1.6} aria-hidden style={{ flex: 'none' }} />
          {t('count.nobody')}
        </Text>
      )}
    </Card>
  );
}
