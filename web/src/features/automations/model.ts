/** Words and looks of steps: what stands on a card, and what a new step begins with. */
import {
  type Icon,
  IconBolt,
  IconClock,
  IconFlag,
  IconForms,
  IconGitFork,
  IconHourglass,
  IconListCheck,
  IconListDetails,
  IconMail,
  IconTag,
  IconTagOff,
  IconTestPipe,
} from '@tabler/icons-react';
import type { AutomationDocument, Step } from './api';

type Look = { icon: Icon; color: string };

const looks: Record<string, Look> = {
  send_email: { icon: IconMail, color: 'brand' },
  wait: { icon: IconClock, color: 'orange' },
  wait_until: { icon: IconHourglass, color: 'orange' },
  if_else: { icon: IconGitFork, color: 'grape' },
  split: { icon: IconTestPipe, color: 'grape' },
  end: { icon: IconFlag, color: 'gray' },
  add_tag: { icon: IconTag, color: 'cyan' },
  remove_tag: { icon: IconTagOff, color: 'cyan' },
  update_field: { icon: IconForms, color: 'cyan' },
  add_to_list: { icon: IconListCheck, color: 'cyan' },
  remove_from_list: { icon: IconListDetails, color: 'cyan' },
};

export const lookOf = (type: string): Look => looks[type] ?? { icon: IconBolt, color: 'teal' };

const everyone = { match: 'all', conditions: [] };

const beginnings: Record<string, Record<string, unknown>> = {
  wait: { amount: 1, unit: 'days' },
  wait_until: { condition: everyone, timeout_amount: 3, timeout_unit: 'days' },
  if_else: { condition: everyone },
  split: { percent: 50 },
};

export function makeStep(id: string, type: string, exits: string[]): Step {
  const arms = exits.length > 0 ? Object.fromEntries(exits.map((exit) => [exit, [] as Step[]])) : undefined;
  return { id, type, params: { ...(beginnings[type] ?? {}) }, arms };
}

export type Names = Record<string, Map<number, string>>;

/** One line about a step's settings, with the names of what it points to. */
export function detailOf(params: Record<string, unknown>, type: string, names: Names): string {
  const id = Object.keys(names).find((kind) => typeof params[`${kind}_id`] === 'number');
  if (id) {
    const name = names[id]?.get(params[`${id}_id`] as number) ?? '…';
    return type === 'update_field' ? `${name}: ${String(params.value ?? '–')}` : name;
  }
  if (type === 'wait') return `${String(params.amount)} ${String(params.unit)}`;
  if (type === 'split') return `${String(params.percent)}% / ${100 - Number(params.percent)}%`;
  if (type === 'wait_until' || type === 'if_else') return conditionLine(params.condition);
  return '';
}

function conditionLine(value: unknown): string {
  const condition = value as { conditions?: unknown[]; type?: string } | undefined;
  if (!condition) return '';
  if (condition.type) return '1';
  return String(condition.conditions?.length ?? 0);
}

export const emptyDocument = (): AutomationDocument => ({ version: 1, triggers: [], steps: [] });
