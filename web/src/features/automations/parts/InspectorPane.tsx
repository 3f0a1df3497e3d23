/** Beside the canvas: the start, the settings of the whole, or the chosen step. */
import { ActionIcon, Box, Group, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Registry } from '@/pickers/api';
import type { AutomationDocument, Counts, Step } from '../api';
import { allSteps } from '../flow/graph';
import { START } from '../flow/layout';
import { type Flow, SETTINGS } from '../use-flow';
import { SettingsPanel } from './SettingsPanel';
import { StepInspector } from './StepInspector';
import { TriggerInspector } from './TriggerInspector';

type Props = {
  automationId: number;
  document: AutomationDocument;
  edit: (document: AutomationDocument, mark?: string) => void;
  flow: Flow;
  registry: Registry;
  counts: Counts | undefined;
  problemOf: (stepId: string) => string | undefined;
  mayEdit: boolean;
  words: { titleOf: (step: Step) => string; detailOf: (step: Step) => string };
};

export function InspectorPane(props: Props) {
  const { flow, words } = props;
  const { t } = useTranslation('automations');
  const headings: Record<string, string> = { [START]: t('trigger.title'), [SETTINGS]: t('settings.title') };
  const heading = flow.step ? words.titleOf(flow.step) : (headings[flow.selected ?? ''] ?? '');
  return (
    <Box p="md">
      <Group justify="space-between" mb="md" wrap="nowrap">
        <Text fw={600} truncate>
          {heading}
        </Text>
        <ActionIcon variant="subtle" color="gray" aria-label={t('inspector.close')} onClick={() => flow.choose(null)}>
          <IconX size={16} />
        </ActionIcon>
      </Group>
      <Content {...props} />
    </Box>
  );
}

function Content({ automationId, document, edit, flow, registry, counts, problemOf, mayEdit, words }: Props) {
  const { step } = flow;
  if (step) {
    const nameOf = (item: Step) => [words.titleOf(item), words.detailOf(item)].filter(Boolean).join(': ');
    return (
      <StepInspector
        key={step.id}
        automationId={automationId}
        step={step}
        others={allSteps(document.steps).filter((item) => item.id !== step.id)}
        nameOf={nameOf}
        flow={flow}
        registry={registry}
        counts={counts}
        problem={problemOf(step.id)}
        mayEdit={mayEdit}
      />
    );
  }
  if (flow.selected === SETTINGS) {
    return (
      <SettingsPanel
        document={document}
        isDisabled={!mayEdit}
        onChange={(settings, mark) => edit({ ...document, settings }, mark && `settings-${mark}`)}
        onShow={flow.choose}
        onAddGoal={flow.addGoal}
      />
    );
  }
  return (
    <TriggerInspector
      triggers={document.triggers}
      registry={registry}
      isDisabled={!mayEdit}
      onChange={(triggers) => edit({ ...document, triggers }, 'triggers')}
    />
  );
}
