/** Looking at an old version: the history beside the canvas, and a way back to the draft. */
import { Button, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '@/ui/toast';
import type { AutomationDocument, Step } from '../api';
import { HistoryDrawer } from './HistoryDrawer';
import classes from './history.module.css';

/** Which version is open in the history, and which one stands on the canvas. */
export function useOldVersion() {
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState<number | null>(null);
  const [document, setDocument] = useState<AutomationDocument | null>(null);
  const leave = () => {
    setOpen(false);
    setChosen(null);
    setDocument(null);
  };
  const choose = (number: number | null, shown?: AutomationDocument) => {
    setChosen(number);
    setDocument(shown ?? null);
  };
  return { isOpen, chosen, document, open: () => setOpen(true), choose, leave };
}

type Props = {
  automationId: number;
  old: ReturnType<typeof useOldVersion>;
  mayEdit: boolean;
  onUse: (document: AutomationDocument) => void;
  words: {
    titleOf: (step: Step) => string;
    detailOf: (step: Step) => string;
    triggerLabel: (type: string) => string;
  };
};

export function OldVersion({ automationId, old, mayEdit, onUse, words }: Props) {
  const { t } = useTranslation('automations');
  return (
    <>
      {old.document && (
        <Paper className={classes.banner} p="xs" shadow="sm" role="status">
          <Text size="sm">{t('versions.looking', { number: old.chosen })}</Text>
          <Button size="compact-sm" variant="light" onClick={old.leave}>
            {t('versions.backToDraft')}
          </Button>
        </Paper>
      )}
      <HistoryDrawer
        automationId={automationId}
        opened={old.isOpen}
        onClose={old.leave}
        chosen={old.chosen}
        onChoose={old.choose}
        onUse={(document) => {
          onUse(document);
          toast(t('versions.used', { number: old.chosen }));
          old.leave();
        }}
        mayEdit={mayEdit}
        {...words}
      />
    </>
  );
}
