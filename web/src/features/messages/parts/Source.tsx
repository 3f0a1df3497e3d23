/** What is sent, to read: the HTML and the text part. */
import { Button, Group, ScrollArea, SegmentedControl } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyValue } from '@/ui/CopyValue';
import type { Preview } from '../api';
import classes from '../messages.module.css';

export function Source({ preview }: { preview: Preview }) {
  const { t } = useTranslation('messages');
  const [part, setPart] = useState<'html' | 'text'>('html');
  return (
    <div className={classes.source}>
      <Group justify="space-between" p="xs">
        <SegmentedControl
          size="xs"
          aria-label={t('source')}
          value={part}
          onChange={(next) => setPart(next === 'text' ? 'text' : 'html')}
          data={[
            { value: 'html', label: t('html') },
            { value: 'text', label: t('plain') },
          ]}
        />
        <CopyValue value={preview[part]}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              size="xs"
              leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
              onClick={copy}
            >
              {t(copied ? 'copied' : 'copy')}
            </Button>
          )}
        </CopyValue>
      </Group>
      <ScrollArea flex={1} viewportProps={{ tabIndex: 0, 'aria-label': t('source'), role: 'region' }}>
        <pre className={classes.code}>{preview[part]}</pre>
      </ScrollArea>
    </div>
  );
}
