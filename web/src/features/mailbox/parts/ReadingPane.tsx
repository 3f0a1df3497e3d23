/** One received mail: as people see it, as text, its headers, and its source. */
import { Anchor, Box, Center, Group, SegmentedControl, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '@/lib/format';
import { ErrorView } from '@/ui/States';
import { type FullMail, mailQuery, rawQuery, rawUrl } from '../api';
import classes from '../mailbox.module.css';
import { framed, headerPairs, recipients } from '../model';

const views = ['html', 'text', 'headers', 'source'] as const;
type View = (typeof views)[number];

export function ReadingPane({ id }: { id: number }) {
  const { t } = useTranslation('mailbox');
  const query = useQuery(mailQuery(id));
  const [chosen, setChosen] = useState<View>('html');
  if (query.isPending) {
    return (
      <Stack p="lg" role="status" aria-label={t('loading')}>
        <Skeleton h={26} w="60%" />
        <Skeleton h={16} w="40%" />
        <Skeleton h={320} mt="md" />
      </Stack>
    );
  }
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />;
  const mail = query.data;
  const view = chosen === 'html' && !mail.html ? 'text' : chosen;
  return (
    <Box className={classes.pane}>
      <Box p="md" className={classes.paneHead}>
        <Title order={2} size="h3" style={{ overflowWrap: 'anywhere' }}>
          {mail.subject || t('noSubject')}
        </Title>
        <Text size="sm" c="dimmed" mt={2} style={{ overflowWrap: 'anywhere' }}>
          {t('fromTo', { from: mail.mail_from || '<>', to: recipients(mail.rcpt_to) })}
        </Text>
        <Group justify="space-between" mt="sm" gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={t('view')}
            value={view}
            onChange={(next) => setChosen(views.find((name) => name === next) ?? 'html')}
            data={views.map((name) => ({
              value: name,
              label: t(`views.${name}`),
              disabled: (name === 'html' && !mail.html) || (name === 'text' && !mail.text),
            }))}
          />
          <Group gap="md">
            <Text size="xs" c="dimmed" className="num">
              {formatMoment(mail.received_at)}
            </Text>
            <Anchor href={rawUrl(id)} download={`${id}.eml`} size="xs">
              <Group gap={4} component="span">
                <IconDownload size={14} aria-hidden /> {t('download')}
              </Group>
            </Anchor>
          </Group>
        </Group>
      </Box>
      <Body mail={mail} view={view} />
    </Box>
  );
}

function Body({ mail, view }: { mail: FullMail; view: View }) {
  const { t } = useTranslation('mailbox');
  if (view === 'html') {
    return (
      <iframe
        className={classes.frame}
        title={t('frame', { subject: mail.subject })}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        srcDoc={framed(mail.html ?? '')}
      />
    );
  }
  if (view === 'headers') {
    return (
      <Box className={classes.scroll}>
        <Table aria-label={t('views.headers')} verticalSpacing={6} horizontalSpacing="md">
          <Table.Tbody>
            {headerPairs(mail.headers).map(([name, value], index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: headers may repeat and never move
              <Table.Tr key={index}>
                <Table.Th scope="row" w={200} style={{ verticalAlign: 'top' }}>
                  {name}
                </Table.Th>
                <Table.Td style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Box>
    );
  }
  return view === 'source' ? <Source id={mail.id} /> : <Plain text={mail.text ?? ''} />;
}

function Source({ id }: { id: number }) {
  const query = useQuery(rawQuery(id));
  if (query.isError) return <ErrorView error={query.error} />;
  return <Plain text={query.data ?? ''} isCode />;
}

function Plain({ text, isCode }: { text: string; isCode?: boolean }) {
  const { t } = useTranslation('mailbox');
  if (!text) {
    return (
      <Center p="xl">
        <Text c="dimmed">{t('nothingHere')}</Text>
      </Center>
    );
  }
  return (
    <pre className={classes.plain} data-code={isCode || undefined} tabIndex={0}>
      {text}
    </pre>
  );
}
