/** The builder: palette, canvas and inspector around one document. */
import { Badge, Text } from '@mantine/core';
import { IconChartLine, IconFlask, IconHistory, IconSettings } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import type { Registry } from '@/pickers/api';
import { BuilderFrame } from '@/ui/BuilderFrame';
import { ConflictDialog } from '@/ui/ConflictDialog';
import { HistoryButtons } from '@/ui/HistoryButtons';
import { SavedIndicator } from '@/ui/SavedIndicator';
import { toast } from '@/ui/toast';
import { useEditor } from '@/ui/use-editor';
import { type Automation, automationQuery, countsQuery, type Step, saveAutomation } from '../api';
import { Canvas } from '../flow/Canvas';
import { findStep } from '../flow/graph';
import { START } from '../flow/layout';
import { exitsOf, pathName, statusColor } from '../model';
import type { Path } from '../test-run-api';
import { SETTINGS, useFlow } from '../use-flow';
import { useWords } from '../use-words';
import { InspectorPane } from './InspectorPane';
import { OldVersion, useOldVersion } from './OldVersion';
import { Palette } from './Palette';
import { ReportDrawer } from './ReportDrawer';
import { RunSwitch } from './RunSwitch';
import { TestRunDrawer } from './TestRun';
import { Look, Toolbar } from './Toolbar';
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
  const { document, edit } = editor;
  const old = useOldVersion();
  const [isReporting, setReporting] = useState(false);
  const [isTesting, setTesting] = useState(false);
  const [path, setPath] = useState<Path | null>(null);
  const words = useWords(registry, document.steps);
  const { data: counts } = useQuery(countsQuery(automation.id));
  const problems = useProblems(automation.id, automation.revision, editor.state);
  const { exitsOfType, armsOf } = useMemo(() => {
    const exits = new Map(registry.steps.map((step) => [step.type, step.exits]));
    const exitsOfType = (type: string) => exits.get(type) ?? [];
    return { exitsOfType, armsOf: (step: Step) => exitsOf(step, exitsOfType(step.type)) };
  }, [registry]);
  const isEditing = mayEdit && !old.document;
  const flow = useFlow({
    document,
    edit,
    exitsOfType,
    mayEdit: isEditing,
    onCopied: (step) => toast(t('copied', { step: words.titleOf(step) })),
  });
  const canvas = {
    ...flow,
    select: flow.choose,
    mayEdit: isEditing,
    path,
    counts,
    problemOf: problems.of,
    titleOf: words.titleOf,
    detailOf: words.detailOf,
    armsOf,
    exitName: (list: string, exit: string) => pathName(findStep(document.steps, list.split('/')[0] ?? ''), exit),
    triggerLine: words.triggerLine(document.triggers),
    palette: words.palette,
  };
  const hasInspector = !old.document && (flow.step || flow.selected === START || flow.selected === SETTINGS);
  const nameOf = (id: string, type: string) => {
    const step = findStep(document.steps, id) ?? { id, type, params: {} };
    return [words.titleOf(step), words.detailOf(step)].filter(Boolean).join(': ');
  };
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
          <Toolbar
            history={mayEdit && <HistoryButtons {...editor} />}
            looks={
              <>
                <Look
                  label={t('settings.title')}
                  icon={IconSettings}
                  isOn={flow.selected === SETTINGS}
                  onClick={() => flow.choose(flow.selected === SETTINGS ? null : SETTINGS)}
                />
                <Look label={t('report.title')} icon={IconChartLine} onClick={() => setReporting(true)} />
                <Look
                  label={t('testRun.title')}
                  icon={IconFlask}
                  isOn={isTesting}
                  onClick={() => setTesting(!isTesting)}
                />
                <Look label={t('versions.history')} icon={IconHistory} onClick={old.open} />
              </>
            }
            run={
              mayEdit && (
                <RunSwitch
                  automation={automation}
                  problems={problems.all}
                  save={editor.save}
                  onShow={flow.choose}
                  words={words}
                />
              )
            }
          />
        }
        palette={isEditing && <Palette palette={words.palette} />}
        inspector={
          hasInspector && (
            <InspectorPane
              automationId={automation.id}
              document={document}
              edit={edit}
              flow={flow}
              registry={registry}
              counts={counts}
              problemOf={problems.of}
              mayEdit={mayEdit}
              words={words}
            />
          )
        }
      >
        <OldVersion automationId={automation.id} old={old} mayEdit={mayEdit} onUse={edit} words={words} />
        <Canvas key={old.document ? old.chosen : 'draft'} steps={(old.document ?? document).steps} canvas={canvas} />
      </BuilderFrame>
      <ReportDrawer
        automationId={automation.id}
        opened={isReporting}
        onClose={() => setReporting(false)}
        nameOf={nameOf}
      />
      <TestRunDrawer
        automationId={automation.id}
        document={document}
        opened={isTesting}
        onClose={() => setTesting(false)}
        onShow={flow.choose}
        onPath={setPath}
        nameOf={nameOf}
      />
      <ConflictDialog opened={editor.hasConflict} />
    </>
  );
}
