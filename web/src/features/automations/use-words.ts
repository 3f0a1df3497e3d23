/** Titles and lines for steps and triggers, with the names of what they point to. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import {
  automationNamesQuery,
  fieldsQuery,
  listsQuery,
  messageNamesQuery,
  type Registry,
  tagsQuery,
} from '@/pickers/api';
import type { Step, Trigger } from './api';
import { allSteps } from './flow/graph';
import { detailOf, type Names } from './model';

const groups = ['send', 'flow', 'contact', 'deals'] as const;
const toMap = (items: { id: number; name: string }[] | undefined) =>
  new Map(items?.map((item) => [item.id, item.name]));

export function useWords(registry: Registry, steps: Step[]) {
  const { t } = useTranslation('automations');
  const names: Names = {
    tag: toMap(useQuery(tagsQuery).data?.items),
    list: toMap(useQuery(listsQuery).data?.items),
    field: toMap(useQuery(fieldsQuery).data?.items),
    message: toMap(useQuery(messageNamesQuery).data?.items),
    automation: toMap(useQuery(automationNamesQuery).data?.items),
  };
  const labels = new Map(registry.steps.map((step) => [step.type, step.label]));
  const triggers = new Map(registry.triggers.map((trigger) => [trigger.type, trigger]));
  const lineOf = (trigger: Trigger) => {
    const known = triggers.get(trigger.type);
    const id = known?.object ? trigger.params[known.object] : undefined;
    const name = known?.picker && typeof id === 'number' ? names[known.picker]?.get(id) : undefined;
    return [known?.label ?? trigger.type, name].filter(Boolean).join(': ');
  };
  return {
    titleOf: (step: Step) => labels.get(step.type) ?? step.type,
    detailOf: (step: Step) => {
      if (step.type === 'go_to') {
        const target = allSteps(steps).find((item) => item.id === step.params.target);
        return target ? `→ ${labels.get(target.type) ?? target.type}` : t('goto.choose');
      }
      if (step.type !== 'if_else' && step.type !== 'wait_until') return detailOf(step.params, step.type, names);
      const count = Number(detailOf(step.params, step.type, names));
      return count === 0 ? t('always') : t('conditionCount', { count });
    },
    triggerLabel: (type: string) => triggers.get(type)?.label ?? type,
    triggerLine: (items: Trigger[]) => (items.length === 0 ? t('trigger.none') : items.map(lineOf).join(', ')),
    palette: groups.map((group) => ({
      group: t(`groups.${group}`),
      items: registry.steps.filter((step) => step.group === group).map(({ type, label }) => ({ type, label })),
    })),
  };
}
