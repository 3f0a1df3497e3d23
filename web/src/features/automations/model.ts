/** Words and looks of steps: what stands on a card, and what a new step begins with. */
import {
  type Icon,
  IconArrowsSplit,
  IconBell,
  IconBolt,
  IconBuilding,
  IconBuildingOff,
  IconCake,
  IconCalculator,
  IconCalendar,
  IconCalendarClock,
  IconCalendarEvent,
  IconCheck,
  IconChecklist,
  IconClock,
  IconCornerLeftUp,
  IconDoorExit,
  IconFlag,
  IconForms,
  IconGauge,
  IconGitFork,
  IconHeart,
  IconHeartHandshake,
  IconHourglass,
  IconListCheck,
  IconListDetails,
  IconMail,
  IconMailOff,
  IconMessageCircle,
  IconNote,
  IconPlant2,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconShoppingBag,
  IconStar,
  IconTag,
  IconTagOff,
  IconTarget,
  IconTestPipe,
  IconTicket,
  IconTrash,
  IconUserCheck,
  IconWebhook,
} from '@tabler/icons-react';
import { formatPercent } from '@/lib/format';
import type { AutomationDocument, Step } from './api';

export const statusColor = { draft: 'gray', active: 'teal', paused: 'orange' } as const;

type Look = { icon: Icon; color: string };

const looks: Record<string, Look> = {
  send_email: { icon: IconMail, color: 'brand' },
  notify_team: { icon: IconBell, color: 'brand' },
  wait: { icon: IconClock, color: 'orange' },
  wait_until: { icon: IconHourglass, color: 'orange' },
  wait_for_time: { icon: IconCalendarClock, color: 'orange' },
  wait_for_date: { icon: IconCalendar, color: 'orange' },
  if_else: { icon: IconGitFork, color: 'grape' },
  split: { icon: IconTestPipe, color: 'grape' },
  branch: { icon: IconGitFork, color: 'grape' },
  split_paths: { icon: IconArrowsSplit, color: 'grape' },
  split_test: { icon: IconTestPipe, color: 'grape' },
  go_to: { icon: IconCornerLeftUp, color: 'grape' },
  throttle: { icon: IconGauge, color: 'orange' },
  webhook: { icon: IconWebhook, color: 'brand' },
  calculate_field: { icon: IconCalculator, color: 'cyan' },
  join_company: { icon: IconBuilding, color: 'cyan' },
  leave_company: { icon: IconBuildingOff, color: 'cyan' },
  unsubscribe_all: { icon: IconMailOff, color: 'red' },
  delete_contact: { icon: IconTrash, color: 'red' },
  goal: { icon: IconTarget, color: 'green' },
  start_automation: { icon: IconPlayerPlay, color: 'green' },
  end_automation: { icon: IconPlayerStop, color: 'red' },
  end: { icon: IconFlag, color: 'gray' },
  add_tag: { icon: IconTag, color: 'cyan' },
  remove_tag: { icon: IconTagOff, color: 'cyan' },
  update_field: { icon: IconForms, color: 'cyan' },
  add_to_list: { icon: IconListCheck, color: 'cyan' },
  remove_from_list: { icon: IconListDetails, color: 'cyan' },
  assign_owner: { icon: IconUserCheck, color: 'cyan' },
  add_note: { icon: IconNote, color: 'cyan' },
  adjust_score: { icon: IconStar, color: 'cyan' },
  add_deal: { icon: IconHeartHandshake, color: 'teal' },
  update_deal: { icon: IconRefresh, color: 'teal' },
  add_task: { icon: IconChecklist, color: 'teal' },
  finish_tasks: { icon: IconCheck, color: 'teal' },
  add_deal_note: { icon: IconNote, color: 'teal' },
};

export const lookOf = (type: string): Look => looks[type] ?? { icon: IconBolt, color: 'teal' };

const everyone = { match: 'all', conditions: [] };

const beginnings: Record<string, Record<string, unknown>> = {
  wait: { amount: 1, unit: 'days' },
  wait_until: { condition: everyone, timeout_amount: 3, timeout_unit: 'days' },
  wait_for_time: {
    from_time: '09:00',
    to_time: '17:00',
    weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
  },
  wait_for_date: { days: 0, direction: 'before', at_time: '09:00' },
  if_else: { condition: everyone },
  split: { percent: 50 },
  branch: { paths: [{ id: 'p1', name: '', condition: everyone }] },
  split_paths: {
    paths: [
      { id: 'p1', name: 'A' },
      { id: 'p2', name: 'B' },
    ],
  },
  split_test: {
    paths: [
      { id: 'p1', name: 'A' },
      { id: 'p2', name: 'B' },
    ],
    condition: everyone,
    after_contacts: 1000,
  },
  go_to: { at_most: 10, afterwards: 'end' },
  throttle: { amount: 100, per: 'hour' },
  webhook: { url: 'https://', method: 'POST', waits_for_answer: true },
  calculate_field: { operation: 'add', value: 1 },
  adjust_score: { operation: 'add', points: 10 },
  add_deal: { title: 'New deal', value: 0 },
  update_deal: { which: 'newest_open' },
  add_task: { title: 'Call', type: 'call', about: 'newest_open_deal', due_in_days: 1 },
  goal: { name: 'Goal', condition: everyone, jump_from: 'steps_before', without_match: 'wait' },
};

type Path = { id: string; name?: string };
const pathsOf = (step: Step) => (Array.isArray(step.params.paths) ? (step.params.paths as Path[]) : []);

/** The ways out of a step: those of its own paths, then those that its kind always has. */
export function exitsOf(step: Step, fixed: string[]): string[] {
  if (step.type === 'goal' && step.params.without_match === 'end') return ['met'];
  return [...pathsOf(step).map((path) => path.id), ...fixed];
}

/** What a path is called; its id where it has no name. */
export const pathName = (step: Step | undefined, exit: string) =>
  (step && pathsOf(step).find((path) => path.id === exit)?.name) || exit;

export function makeStep(id: string, type: string, exits: string[]): Step {
  const params = { ...(beginnings[type] ?? {}) };
  const all = exitsOf({ id, type, params }, exits);
  const arms = all.length > 0 ? Object.fromEntries(all.map((exit) => [exit, [] as Step[]])) : undefined;
  return { id, type, params, arms };
}

export type Names = Record<string, Map<number, string>>;

/** One line about a step's settings, with the names of what it points to. */
export function detailOf(params: Record<string, unknown>, type: string, names: Names): string {
  const id = Object.keys(names).find((kind) => typeof params[`${kind}_id`] === 'number');
  if (id) {
    const name = names[id]?.get(params[`${id}_id`] as number) ?? '…';
    if (type === 'wait_for_date') return `${name} ${shiftLine(params)}`;
    return type === 'update_field' ? `${name}: ${String(params.value ?? '–')}` : name;
  }
  if (type === 'wait_for_time') return windowLine(params);
  if (type === 'go_to') return `→ ${String(params.target ?? '…')}`;
  if (type === 'webhook') return String(params.url ?? '');
  if (type === 'throttle') return `${String(params.amount)} / ${String(params.per)}`;
  if (type === 'branch' || type === 'split_paths' || type === 'split_test')
    return ((params.paths as Path[] | undefined) ?? []).map((path) => path.name || path.id).join(' / ');
  if (type === 'goal') return String(params.name ?? '');
  if (type === 'add_note') return String(params.body ?? '');
  if (type === 'wait')
    return `${String(params.amount)} ${String(params.unit).replace(/s$/, params.amount === 1 ? '' : 's')}`;
  if (type === 'split') return `${String(params.percent)}% / ${100 - Number(params.percent)}%`;
  if (type === 'wait_until' || type === 'if_else') return conditionLine(params.condition);
  return '';
}

/** "-3 d, 09:00" for three days before. */
function shiftLine(params: Record<string, unknown>): string {
  const days = Number(params.days ?? 0);
  const sign = params.direction === 'after' ? '+' : '−';
  return `${days > 0 ? `${sign}${days} d, ` : ''}${String(params.at_time ?? '09:00')}`;
}

/** "mon, tue 09:00–17:00"; all days when none is named. */
function windowLine(params: Record<string, unknown>): string {
  const days = (params.weekdays as string[] | undefined) ?? [];
  const hours = [params.from_time ?? '09:00', params.to_time].filter(Boolean).join('–');
  return [days.map((day) => day.slice(0, 3)).join(', '), hours].filter(Boolean).join(' ');
}

function conditionLine(value: unknown): string {
  const condition = value as { conditions?: unknown[]; type?: string } | undefined;
  if (!condition) return '';
  if (condition.type) return '1';
  return String(condition.conditions?.length ?? 0);
}

export const emptyDocument = (): AutomationDocument => ({ version: 1, triggers: [], steps: [] });

const recipeIcons: Record<string, Icon> = {
  mail: IconMail,
  heart: IconHeart,
  cake: IconCake,
  calendar: IconCalendarEvent,
  plant: IconPlant2,
  basket: IconShoppingBag,
  star: IconStar,
  ticket: IconTicket,
  message: IconMessageCircle,
  split: IconTestPipe,
  door: IconDoorExit,
};

export const recipeLook = (icon: string): Icon => recipeIcons[icon] ?? IconBolt;

/** "2 d 4 h", "35 min"; a dash where nothing is known. */
export function lasting(seconds: number | null): string {
  if (seconds === null) return '–';
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return `${Math.floor(hours / 24)} d${hours % 24 ? ` ${hours % 24} h` : ''}`;
  return hours > 0 ? `${hours} h${minutes % 60 ? ` ${minutes % 60} min` : ''}` : `${minutes} min`;
}

export const share = (part: number, whole: number) => (whole === 0 ? '–' : formatPercent(part / whole));
