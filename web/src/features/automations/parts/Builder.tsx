/** The builder: palette, canvas and inspector around one document. */
import { ActionIcon, Badge, Box, Group, Text } from '@mantine/core';
import { IconHistory, IconX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import type { Registry } from '@/pickers/api';
import { BuilderFrame } from '@/ui/BuilderFrame';
import { ConflictDialog } from '@/ui/ConflictDialog';
import { HistoryButtons } from '@/ui/HistoryButtons';
import { SavedIndicator } from '@/ui/SavedIndicator';
import { useEditor } from '@/ui/use-editor';
import { type Automation, automationQuery, countsQuery, type Step, saveAutomation } from '../api';
import { Canvas } from '../flow/Canvas';
import * as graph from '../flow/graph';
import { START } from '../flow/layout';
import { exitsOf, makeStep, pathName, statusColor } from '../model';
import { useWords } from '../use-words';
import { OldVersion, useOldVersion } from './OldVersion';
import { Palette } from './Palette';
import { RunSwitch } from './RunSwitch';
import { StepInspector } from './StepInspector';
import { TriggerInspector } from './TriggerInspector';
import { useProblems } from './use-problems';

type Props = { automation: Automation; registry: Registry };

export function Builder({ automation, registry }: Props) {
  const { t } = useTranslation('automations');
  const mayEdit = useMay('editor');
  const client = useQueryClient();
  const editor = useEditor(automation.document, automation.revision, async (document, revision) => {
    const answer = await saveAutomation(automation.id, revision, { document });
    client.setQueryData(automationQuery(automation.id).queryKey, answer);
    return answer.revision;
  });
  const words = useWords(registry);
  const { data: counts } = useQuery(countsQuery(automation.id));
  const problems = useProblems(automation.id, automation.revision, editor.state);
  const [selected, setSelected] = useState<string | null>(automation.document.triggers.length === 0 ? START : null);
  const { document, edit } = editor;
  const old = useOldVersion();
  const setSteps = (steps: Step[]) => steps !== document.steps && edit({ ...document, steps });
  const armsOf = useMemo(() => {
    const exits = new Map(registry.steps.map((step) => [step.type, step.exits]));
    return (step: Step) => exitsOf(step, exits.get(step.type) ?? []);
  }, [registry]);
  const insert = (slot: graph.Slot, type: string) => {
    const id = graph.newId(document);
    setSteps(
      graph.insertStep(
        document.steps,
        slot,
        makeStep(id, type, registry.steps.find((kind) => kind.type === type)?.exits ?? []),
      ),
    );
    setSelected(id);
  };
  const step = selected ? graph.findStep(document.steps, selected) : undefined;
  const canvas = {
    insert,
    move: (id: string, slot: graph.Slot) => setSteps(graph.moveStep(document.steps, id, slot)),
    select: setSelected,
    selected,
    mayEdit: mayEdit && !old.document,
    counts,
    problemOf: (id: string) => problems.of(id),
    titleOf: words.titleOf,
    detailOf: words.detailOf,
    armsOf,
    exitName: (list: string, exit: string) => pathName(graph.findStep(document.steps, list.split('/')[0] ?? ''), exit),
    triggerLine: words.triggerLine(document.triggers),
    palette: words.palette,
  };
  const remove = (id: string) => {
    setSteps(graph.removeStep(document.steps, id));
    setSelected(null);
  };
  const heading = selected === START ? t('trigger.title') : step ? words.titleOf(step) : '';
  const inspector = (selected === START || step) && (
    <Box p="md">
      <Group justify="space-between" mb="md" wrap="nowrap">
        <Text fw={600} truncate>
          {heading}
        </Text>
        <ActionIcon variant="subtle" color="gray" aria-label={t('inspector.close')} onClick={() => setSelected(null)}>
          <IconX size={16} />
        </ActionIcon>
      </Group>
      {selected === START ? (
        <TriggerInspector
          triggers={document.triggers}
          registry={registry}
          isDisabled={!mayEdit}
          onChange={(triggers) => edit({ ...document, triggers })}
        />
      ) : step ? (
        <StepInspector
          key={step.id}
          automationId={automation.id}
          step={step}
          registry={registry}
          counts={counts}
          problem={problems.of(step.id)}
          mayEdit={mayEdit}
          onChange={(params) => setSteps(graph.updateStep(document.steps, step.id, params))}
          onShift={(by) => setSteps(graph.shiftStep(document.steps, step.id, by))}
          onDuplicate={() => setSteps(graph.duplicateStep(document, step.id))}
          onDelete={() => remove(step.id)}
        />
      ) : null}
    </Box>
  );
  return (
    <>
      <BuilderFrame
        back="/automations"
        heading={
          <>
            <Text component="h1" fw={600} truncate>
              {automation.name}
            </Text>
            <Badge color={statusColor[automation.status]}>{t(`status.${automation.status}`)}</Badge>
            <SavedIndicator state={editor.state} />
          </>
        }
        actions={
          <>
            {mayEdit && <HistoryButtons {...editor} />}
            <ActionIcon variant="subtle" color="gray" aria-label={t('versions.history')} onClick={old.open}>
              <IconHistory size={18} />
            </ActionIcon>
            {mayEdit && (
              <RunSwitch
                automation={automation}
                problems={problems.all}
                save={editor.save}
                onShow={setSelected}
                words={words}
              />
            )}
          </>
        }
        palette={canvas.mayEdit && <Palette palette={words.palette} />}
        inspector={!old.document && inspector}
      >
        <OldVersion automationId={automation.id} old={old} mayEdit={mayEdit} onUse={edit} words={words} />
        <Canvas key={old.document ? old.chosen : 'draft'} steps={(old.document ?? document).steps} canvas={canvas} />
      </BuilderFrame>
      <ConflictDialog opened={editor.hasConflict} />
    </>
  );
}
